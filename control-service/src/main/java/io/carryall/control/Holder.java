package io.carryall.control;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** Who holds a lease, as its token tells: boot of the machine, process id, start of the process. So a dead holder on the same machine is known at once, without waiting for its lease to run out. */
final class Holder {
    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

    private final String identity;
    private final boolean sameMachine;

    private Holder(String identity, boolean sameMachine) {
        this.identity = identity;
        this.sameMachine = sameMachine;
    }

    static Holder thisProcess(boolean sameMachine) {
        ProcessHandle self = ProcessHandle.current();
        return new Holder(boot() + "/" + self.pid() + "/" + startMillis(self), sameMachine);
    }

    /** A new token each time: a lease is renewed by changing it. */
    String token() {
        return identity + "/" + UUID.randomUUID();
    }

    /** Whether the process that wrote this token has certainly ended. False where that cannot be known. */
    boolean isDead(String token) {
        String[] parts = token.split("/");
        if (!sameMachine || parts.length != 4 || !parts[0].equals(boot()) || parts[0].isEmpty()) {
            return false;
        }
        Optional<ProcessHandle> process = ProcessHandle.of(Long.parseLong(parts[1])).filter(ProcessHandle::isAlive);
        return process.isEmpty() || !String.valueOf(startMillis(process.get())).equals(parts[2]);
    }

    private static long startMillis(ProcessHandle process) {
        return process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
    }

    private static String boot() {
        try {
            return Files.readString(BOOT_ID).strip();
        } catch (IOException e) {
            // not a Linux: nobody is known to be dead, leases run out instead
            return "";
        }
    }
}
