package io.carryall.control;

/** The life of the stack that this control-service belongs to. An installed one lives on by itself; the embedded one stops with its last user. */
public interface StackLife {

    /** An installed Carryall: nobody stops it through us. */
    StackLife INSTALLED = new StackLife() {
        @Override
        public boolean isEmbedded() {
            return false;
        }

        @Override
        public boolean stays() {
            return true;
        }

        @Override
        public void stop() {
            throw new IllegalStateException("an installed Carryall is not stopped through its interface");
        }
    };

    boolean isEmbedded();

    /** Whether it was started to stay when nobody uses it. */
    boolean stays();

    /** Begins to stop, and returns at once. */
    void stop();
}
