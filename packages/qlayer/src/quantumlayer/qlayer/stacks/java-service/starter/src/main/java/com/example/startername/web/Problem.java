package com.example.startername.web;

/** A request that cannot be met, and the sentence that tells its client why. */
public final class Problem extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;

    private Problem(int status, String detail) {
        super(detail);
        this.status = status;
    }

    /**
     * The body is not as the contract wants it.
     *
     * @param detail a sentence
     * @return a problem with the status 422
     */
    public static Problem malformed(String detail) {
        return new Problem(422, detail);
    }

    /**
     * What is asked for is not there.
     *
     * @param detail a sentence
     * @return a problem with the status 404
     */
    public static Problem unknown(String detail) {
        return new Problem(404, detail);
    }

    /**
     * What has to answer does not.
     *
     * @param detail a sentence
     * @return a problem with the status 503
     */
    public static Problem unavailable(String detail) {
        return new Problem(503, detail);
    }

    /**
     * The status that it is answered with.
     *
     * @return a status of HTTP
     */
    public int status() {
        return status;
    }
}
