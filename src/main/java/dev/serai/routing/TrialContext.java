package dev.serai.routing;

import dev.serai.connector.Connectors;
import dev.serai.routing.Unit.Kind;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.Component;
import org.apache.camel.Service;
import org.apache.camel.StartupSummaryLevel;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.model.RouteTemplateParameterDefinition;
import org.apache.camel.spi.BeanRepository;
import org.apache.camel.spi.Language;
import org.apache.camel.spi.PropertiesSource;
import org.apache.camel.support.DefaultRegistry;
import org.quartz.Scheduler;

/**
 * A throw-away Camel context in which units are wired before the real one sees them: same beans, same properties, own components, no JMX,
 * and nothing starts, so nothing is consumed.
 */
final class TrialContext {

    private final CamelContext real;

    TrialContext(CamelContext real) {
        this.real = real;
    }

    /**
     * Wires the units.
     *
     * @param units all that is to be tried, with the configurations and templates it needs
     * @throws RouteFileProblem for the first that cannot be wired
     */
    void check(Collection<Unit> units) throws RouteFileProblem {
        List<Unit> inOrder = units.stream().sorted(Comparator.comparing(Unit::kind)).toList();
        try (DefaultCamelContext trial = open()) {
            UnitInstaller installer = new UnitInstaller(trial);
            for (Unit unit : inOrder) {
                wire(trial, installer, unit);
            }
        } catch (RouteFileProblem e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("The trial context could not be opened or closed", e);
        }
    }

    private static void wire(DefaultCamelContext trial, UnitInstaller installer, Unit unit) throws RouteFileProblem {
        try {
            if (unit.kind() == Kind.REST) {
                installer.parse(unit);
            } else {
                installer.add(unit);
            }
            if (unit.kind() == Kind.TEMPLATED) {
                requireSoundParameters(trial, unit);
            }
        } catch (Exception | LinkageError e) {
            throw Culprit.find(unit, e);
        }
    }

    /** Camel ignores a parameter that the template does not declare, and a connector's are read only when it is asked for. */
    private static void requireSoundParameters(DefaultCamelContext trial, Unit unit) {
        Map<String, Object> given = trial.getRouteDefinition(unit.id()).getTemplateParameters();
        List<String> declared = trial.getRouteTemplateDefinition(unit.template()).getTemplateParameters().stream()
                .map(RouteTemplateParameterDefinition::getName).toList();
        Set<String> known = declared.stream().map(TrialContext::asOneWord).collect(Collectors.toSet());
        for (String name : given.keySet()) {
            if (!known.contains(asOneWord(name)) && unit.text().contains(name)) {
                throw new IllegalArgumentException("The template " + unit.template() + " has no parameter \"" + name + "\"; it has "
                        + String.join(", ", declared));
            }
        }
        Connectors.requireSound(unit.id(), unit.template(), given, trial::resolvePropertyPlaceholders);
    }

    /** Camel keeps each parameter twice: as {@code hasMore} and as {@code has-more}. */
    private static String asOneWord(String parameter) {
        return parameter.replace("-", "").toLowerCase(Locale.ROOT);
    }

    private DefaultCamelContext open() {
        DefaultCamelContext trial = new DefaultCamelContext(new DefaultRegistry(new SharedBeans(real)));
        trial.getCamelContextExtension().setName(real.getName() + "-trial");
        trial.disableJMX();
        trial.setStartupSummaryLevel(StartupSummaryLevel.Off);
        trial.setAutoStartup(false);
        trial.setApplicationContextClassLoader(real.getApplicationContextClassLoader());
        trial.getPropertiesComponent().addPropertiesSource(new SharedProperties(real));
        trial.getShutdownStrategy().setTimeout(1);
        trial.start();
        return trial;
    }

    /** The real context's beans, without those that belong to one context and would be taken over by the trial. */
    private record SharedBeans(CamelContext real) implements BeanRepository {

        private static boolean isOfOneContext(Object bean) {
            return bean instanceof Component || bean instanceof CamelContext || bean instanceof Language
                    || bean instanceof Service && bean.getClass().getName().startsWith("org.apache.camel.")
                    || bean instanceof Scheduler;
        }

        private static <T> T shared(T bean) {
            return isOfOneContext(bean) ? null : bean;
        }

        @Override
        public Object lookupByName(String name) {
            return shared(real.getRegistry().lookupByName(name));
        }

        @Override
        public <T> T lookupByNameAndType(String name, Class<T> type) {
            return shared(real.getRegistry().lookupByNameAndType(name, type));
        }

        @Override
        public <T> Map<String, T> findByTypeWithName(Class<T> type) {
            return real.getRegistry().findByTypeWithName(type).entrySet().stream().filter(entry -> !isOfOneContext(entry.getValue()))
                    .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        }

        @Override
        public <T> Set<T> findByType(Class<T> type) {
            return real.getRegistry().findByType(type).stream().filter(bean -> !isOfOneContext(bean))
                    .collect(Collectors.toSet());
        }
    }

    private record SharedProperties(CamelContext real) implements PropertiesSource {

        @Override
        public String getName() {
            return "real-context";
        }

        @Override
        public String getProperty(String name) {
            return real.getPropertiesComponent().resolveProperty(name).orElse(null);
        }
    }
}
