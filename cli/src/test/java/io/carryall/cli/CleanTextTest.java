package io.carryall.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class CleanTextTest {

    @Test
    void what_steers_a_terminal_or_turns_text_around_is_shown_as_what_it_is() {
        assertThat(CleanText.of("a\u001b[31mb\u009bc\u202ed\ne\u2028f\u0000\u007f\ud800")).isEqualTo("a\\u001b[31mb\\u009bc\\u202ed\\u000ae\\u2028f\\u0000\\u007f\\ud800");
    }

    @Test
    void text_of_all_languages_stays() {
        String text = "Entwürfe · 下書き · نامه‌ها · 👩‍💻 /%*\"\\&";
        assertThat(CleanText.of(text)).isSameAs(text);
    }

    @Test
    void json_stays_the_same_json() throws Exception {
        String json = new ObjectMapper().writeValueAsString(Map.of("k", "\u009b\u202e👩‍💻\u2028\u001b"));

        assertThat(CleanText.ofJson(json)).doesNotContain("\u009b").doesNotContain("\u202e").contains("👩‍💻");
        assertThat(new ObjectMapper().readTree(CleanText.ofJson(json)).get("k").asText()).isEqualTo("\u009b\u202e👩‍💻\u2028\u001b");
    }

    @Test
    void of_json_nothing_but_what_is_hostile_changes() {
        assertThat(CleanText.ofJson("{\"a\":\"\u009bb\u202e\",\"ü👩\":\"\u007f\"}")).isEqualTo("{\"a\":\"\\u009bb\\u202e\",\"ü👩\":\"\\u007f\"}");
        String harmless = "{\"Entwürfe\":\"نامه‌ها\"}";
        assertThat(CleanText.ofJson(harmless)).isSameAs(harmless);
    }
}
