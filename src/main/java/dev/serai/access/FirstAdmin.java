package dev.serai.access;

import dev.serai.settings.StartupProblem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.stereotype.Component;

/** Makes the first super admin, and stops a start that others could reach but nobody could administer. */
@Component
class FirstAdmin implements InitializingBean {

    private static final Logger LOG = LoggerFactory.getLogger(FirstAdmin.class);

    private final AccessSettings.Admin admin;
    private final AccessMode mode;
    private final Users users;

    FirstAdmin(AccessSettings settings, AccessMode mode, Users users) {
        this.admin = settings.admin();
        this.mode = mode;
        this.users = users;
    }

    @Override
    public void afterPropertiesSet() {
        requireUsable();
        if (users.hasSuperAdmin()) {
            return;
        }
        if (admin.isComplete()) {
            users.createFirstSuperAdmin(admin.user(), admin.password());
            LOG.info("Made the first super admin, '{}'", admin.user());
        } else if (!mode.loopback()) {
            throw new StartupProblem(
                    "The hub is to listen on an address that others can reach, and it has no super admin.",
                    "Set SERAI_ADMIN_USER and SERAI_ADMIN_PASSWORD for the first start, "
                            + "or listen on this machine only (SERAI_BIND=127.0.0.1).");
        } else if (!mode.demo()) {
            LOG.warn("There is no super admin yet: set SERAI_ADMIN_USER and SERAI_ADMIN_PASSWORD, or SERAI_DEMO=true, and start again");
        }
    }

    private void requireUsable() {
        if (!admin.isMissing() && !admin.isComplete()) {
            throw new StartupProblem(
                    "Only one of SERAI_ADMIN_USER and SERAI_ADMIN_PASSWORD is set.",
                    "Set both, or neither where there is a super admin already.");
        }
        if (admin.user().length() > UserRequest.LONGEST_NAME || admin.user().chars().anyMatch(c -> c == ':' || Character.isISOControl(c))) {
            throw new StartupProblem(
                    "SERAI_ADMIN_USER is no name that HTTP Basic can carry.",
                    "Use at most " + UserRequest.LONGEST_NAME + " characters, without a colon or control characters.");
        }
        if (UserRequest.isTooLong(admin.password())) {
            throw new StartupProblem("SERAI_ADMIN_PASSWORD is too long.", "Use at most " + UserRequest.LONGEST_PASSWORD_BYTES + " bytes.");
        }
    }
}
