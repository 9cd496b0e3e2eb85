package com.example.startername.web;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;
import io.javalin.http.Context;

/** Reads and writes JSON strictly: nothing is left out, guessed or turned into another type. */
public final class Bodies {
    private static final ObjectMapper MAPPER = strict();

    private Bodies() {
    }

    /**
     * Reads the body of a request.
     *
     * @param <T>  what it has to be
     * @param ctx  the request
     * @param type what it has to be
     * @return the value
     * @throws Problem if it is malformed, or refused by the type itself
     */
    public static <T> T read(Context ctx, Class<T> type) {
        try {
            T value = MAPPER.readValue(ctx.body(), type);
            if (value == null) {
                throw Problem.malformed("The body is empty.");
            }
            return value;
        } catch (ValueInstantiationException refused) {
            throw Problem.malformed(refused.getCause().getMessage());
        } catch (JsonProcessingException malformed) {
            throw Problem.malformed("The body is malformed: " + malformed.getOriginalMessage());
        }
    }

    static ObjectMapper mapper() {
        return MAPPER;
    }

    private static ObjectMapper strict() {
        return JsonMapper.builder()
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                .withCoercionConfig(LogicalType.Textual, textual -> {
                    textual.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail);
                    textual.setCoercion(CoercionInputShape.Float, CoercionAction.Fail);
                    textual.setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail);
                })
                .build();
    }
}
