package dev.serai.contract;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import org.springframework.stereotype.Component;

/** The contracts that are being served now, by face. */
@Component
public class Contracts {

    private final Map<String, Contract> byFace = new ConcurrentSkipListMap<>();

    public void publish(Contract contract) {
        byFace.put(contract.face(), contract);
    }

    public void withdraw(String face) {
        byFace.remove(face);
    }

    public Optional<Contract> of(String face) {
        return Optional.ofNullable(byFace.get(face));
    }

    public Collection<Contract> all() {
        return byFace.values();
    }
}
