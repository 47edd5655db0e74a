package io.carryall.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ExitStatusTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "0|{'state':'finished','pairs':[{'state':'finished','failed':0}]}",
        "2|{'state':'finished','pairs':[{'state':'finished','failed':1,'failures':[{'reason':'too-large'}]}]}",
        "0|{'state':'finished','pairs':[{'state':'finished','failed':1,'failures':[{'reason':'vanished'}]}]}",
        "2|{'state':'finished','pairs':[{'state':'finished','failed':2,'failures':[{'reason':'vanished'},{'reason':'quota'}]}]}",
        "3|{'state':'finished','pairs':[{'state':'finished','failed':1,'failures':[{'reason':'quota'}]},{'state':'failed','failed':0}]}",
        "3|{'state':'failed','pairs':[]}",
        "3|{'state':'paused','pairs':[]}",
        "130|{'state':'interrupted','pairs':[{'state':'failed'}]}"
    })
    void the_result_of_a_pass_decides(int status, String result) throws Exception {
        assertThat(ExitStatus.of(new ObjectMapper().readTree(result.replace('\'', '"')))).isEqualTo(status);
    }
}
