"""Projects that are tested by Make, in every way that people write it.

Each is given with the verdict on the right code and that on the wrong one: a clock whose `midnight`
is off.
"""

# ruff: noqa: E501 - programs as data

from quantumlayer.qtest import Verdict

PASSED, FAILED, NOTHING = Verdict.PASSED, Verdict.FAILED, Verdict.NO_TESTS
CLOCK = {
    "clock.h": "int minutes(int hours, int rest);\n",
    "clock.c": '#include "clock.h"\nint minutes(int hours, int rest) { return hours * 60 + rest; }\n',
    "t_clock.c": '#include "clock.h"\nint main(void) { return minutes(2, 5) == 125 ? 0 : 1; }\n',
    "t_more.c": '#include "clock.h"\nint main(void) { return minutes(0, 0) == 0 ? 0 : 1; }\n',
    "app.c": '#include <stdio.h>\n#include "clock.h"\n'
    'int main(int count, char **words) { (void)words; if (count > 1) return 2; printf("%d\\n", minutes(2, 5)); return 0; }\n',
    "expected.txt": "125\n",
}
WRONG = ("hours * 60 + rest", "hours * 60 - rest")
BUILD = """
t_clock: t_clock.o clock.o
t_more: t_more.o clock.o
app: app.o clock.o
"""
SCRIPT = '#!/bin/sh\nfailed=0\nfor t in ./t_clock ./t_more; do\n  if $t; then echo "ok $t"; else {}; fi\ndone\nexit {}\n'
DIFFS = "#!/bin/sh\n./app > out.txt\nif diff -q out.txt expected.txt; then echo same; else {}; fi\nexit {}\n"

# name → (files beside the clock, the verdict on right code, the verdict on wrong code)
PROJECTS: dict[str, tuple[dict[str, str], Verdict, Verdict]] = {
    # Where the rule stands and what it is called.
    "two targets in one rule": (
        {"Makefile": f"check test: t_clock\n\t./t_clock\n{BUILD}"}, PASSED, FAILED),
    "an included file": (
        {"Makefile": f"include tests/tests.mk\n{BUILD}", "tests/tests.mk": "check: t_clock\n\t./t_clock\n"}, PASSED, FAILED),
    "an included file that is made": (
        {"Makefile": f"-include made.mk\nmade.mk: rules.in\n\tcp rules.in made.mk\n{BUILD}", "rules.in": "test: t_clock\n\t./t_clock\n"}, PASSED, FAILED),
    "aliases": (
        {"Makefile": f"test: check\ncheck: run-them\nrun-them: t_clock t_more\n\t./t_more\n\t./t_clock\n{BUILD}"}, PASSED, FAILED),
    "variables as targets": (
        {"Makefile": f"TESTS = t_clock t_more\nRUN = $(TESTS:%=run-%)\n.PHONY: check $(RUN)\ncheck: $(RUN)\n$(RUN): run-%: %\n\t./$<\n{BUILD}"}, PASSED, FAILED),
    "a pattern rule": (
        {"Makefile": f"check: t_clock.run t_more.run\n%.run: %\n\t./$<\n{BUILD}"}, PASSED, FAILED),
    "recursion": (
        {"Makefile": "all:\n\t$(MAKE) -C tests t\ntest: all\n\t$(MAKE) -C tests check\n",
         "tests/Makefile": "t: ../t_clock.c ../clock.c\n\t$(CC) -o t $^\ncheck: t\n\t./t\n"}, PASSED, FAILED),
    "GNUmakefile": (
        {"GNUmakefile": f"check: t_clock\n\t./t_clock\n{BUILD}", "Makefile": "all:\n\t@echo use GNU make\n"}, PASSED, FAILED),
    "all runs the tests": (
        {"Makefile": f"all: test\ntest: passed.stamp\npassed.stamp: t_clock\n\t./t_clock && touch $@\n{BUILD}"}, PASSED, FAILED),
    "out of the tree": (
        {"Makefile": "B = out\n$(B)/t: t_clock.c clock.c\n\tmkdir -p $(B)\n\t$(CC) -o $@ $^\ntest: $(B)/t\n\tcd $(B) && ./t\n"}, PASSED, FAILED),
    "arguments and a double colon": (
        {"Makefile": f"test:: t_clock\n\t@./t_clock --quick 3\n{BUILD}"}, PASSED, FAILED),
    # How the programs are run.
    "a loop that stops": (
        {"Makefile": f"T = t_clock t_more\ntest: $(T)\n\tfor t in $(T); do ./$$t || exit 1; done\n{BUILD}"}, PASSED, FAILED),
    "a loop that forgets": (
        {"Makefile": f"T = t_clock t_more\ntest: $(T)\n\tfor t in $(T); do ./$$t; done\n{BUILD}"}, PASSED, FAILED),
    "a script": (
        {"Makefile": f"check: t_clock t_more\n\tsh run.sh\n{BUILD}", "run.sh": SCRIPT.format("failed=1", "$failed")}, PASSED, FAILED),
    "a script that forgets": (
        {"Makefile": f"check: t_clock t_more\n\tsh ./run.sh\n{BUILD}", "run.sh": SCRIPT.format("echo \"$t is off\"", "0")}, PASSED, FAILED),
    "prove": (
        {"Makefile": f"check: t_tap\n\tprove -e '' ./t_tap\nt_tap: t_tap.o clock.o\n{BUILD}",
         "t_tap.c": '#include <stdio.h>\n#include "clock.h"\nint main(void) { int ok = minutes(2, 5) == 125; printf("1..1\\n%sok 1\\n", ok ? "" : "not "); return 0; }\n'}, PASSED, FAILED),
    "configure": (
        {"configure": "#!/bin/sh\nsed 's/@CC@/gcc/' Makefile.in > Makefile\n", "Makefile.in": f"CC = @CC@\ncheck: t_clock\n\t./t_clock\n{BUILD}"}, PASSED, FAILED),
    "a makefile that configure completes": (
        {"configure": "#!/bin/sh\necho 'T = t_clock' > config.mk\n", "Makefile": f"include config.mk\ncheck: $(T)\n\t./$(T)\n{BUILD}"}, PASSED, FAILED),
    # What compares.
    "diff": ({"Makefile": f"test: app\n\t./app > out.txt\n\tdiff out.txt expected.txt\n{BUILD}"}, PASSED, FAILED),
    "a pipe into diff": ({"Makefile": f"test: app\n\t./app | diff - expected.txt\n{BUILD}"}, PASSED, FAILED),
    "cmp in a script": (
        {"Makefile": f"test: app\n\t./run.sh\n{BUILD}", "run.sh": "#!/bin/sh -e\n./app > out.txt\ncmp out.txt expected.txt\n"}, PASSED, FAILED),
    "test of the output": ({"Makefile": f"test: app\n\ttest \"$$(./app)\" = 125\n{BUILD}"}, PASSED, FAILED),
    "an error that is wanted": (
        {"Makefile": f"test: app\n\t./app | cmp - expected.txt\n\t! ./app too many\n\t./app too; test $$? -eq 2\n{BUILD}"}, PASSED, FAILED),
    "a difference that is wanted": (
        {"Makefile": f"test: t_clock\n\t./t_clock\n\techo 1 > one; echo 2 > two; ! cmp -s one two\n{BUILD}"}, PASSED, FAILED),
    "a script that counts": (
        {"Makefile": f"test: app\n\tsh run.sh\n{BUILD}", "run.sh": DIFFS.format("failed=1", "${failed:-0}")}, PASSED, FAILED),
    "a script that says so and forgets": (
        {"Makefile": f"test: app\n\tsh run.sh\n{BUILD}", "run.sh": DIFFS.format("echo other", "0")}, PASSED, FAILED),
    # What is ignored.
    "a dash": ({"Makefile": f"test: t_clock\n\t-./t_clock\n{BUILD}"}, PASSED, FAILED),
    "or true": ({"Makefile": f"test: t_clock\n\t./t_clock || true\n{BUILD}"}, PASSED, FAILED),
    "a pipe into tee": ({"Makefile": f"test: t_clock\n\t./t_clock 2>&1 | tee log.txt\n{BUILD}"}, PASSED, FAILED),
    "only a message": ({"Makefile": f"test: t_clock\n\t@./t_clock && echo fine || echo broken\n{BUILD}"}, PASSED, FAILED),
    "MAKEFLAGS ignore": ({"Makefile": f"MAKEFLAGS += -i\ntest: t_clock\n\t./t_clock\n{BUILD}"}, PASSED, FAILED),
    "a dash before diff": ({"Makefile": f"test: app\n\t./app > out.txt\n\t-diff out.txt expected.txt\n{BUILD}"}, PASSED, FAILED),
    "diff or true": ({"Makefile": f"test: app\n\t./app > out.txt\n\tdiff out.txt expected.txt || true\n{BUILD}"}, PASSED, FAILED),
    "a dash before a script": (
        {"Makefile": f"test: app\n\t-sh run.sh\n{BUILD}", "run.sh": "out=$(./app)\ntest \"$out\" = 125\n"}, PASSED, FAILED),
    # What proves nothing.
    "nothing to be done": (
        {"Makefile": f"test: t_clock\n\n{BUILD}"}, NOTHING, NOTHING),
    "a folder of that name": ({"Makefile": f"test:\n\t./t_clock\n{BUILD}", "test/readme": "words\n"}, NOTHING, NOTHING),
    "MAKEFLAGS that only tell": ({"Makefile": f"MAKEFLAGS += -n\ntest: t_clock\n\t./t_clock\n{BUILD}"}, NOTHING, NOTHING),
    "a message": ({"Makefile": f"test: t_clock\n\t@echo '1 test passed'\n{BUILD}"}, NOTHING, NOTHING),
    # Skips and failures that are expected, as automake has them.
    "a skip by its status": (
        {"Makefile": f"check: t_clock t_skip\n\tsh run.sh\n{BUILD}",
         "run.sh": "#!/bin/sh\nfor t in t_clock t_skip; do\n  ./$t; s=$?\n  if [ $s -eq 77 ]; then echo \"SKIP $t\"; elif [ $s -ne 0 ]; then exit 1; fi\ndone\n",
         "t_skip.c": "int main(void) { return 77; }\n"}, PASSED, FAILED),
    "a failure that is expected": (
        {"Makefile": f"TESTS = t_clock t_bad\nXFAIL_TESTS = t_bad\ncheck: $(TESTS)\n\t./t_clock\n\tif ./t_bad; then exit 1; fi\n{BUILD}",
         "t_bad.c": "int main(void) { return 1; }\n"}, PASSED, FAILED),
    "everything is skipped": (
        {"Makefile": f"check: t_skip\n\t./t_skip; test $$? -eq 77\n{BUILD}", "t_skip.c": "int main(void) { return 77; }\n"}, NOTHING, NOTHING),
}  # fmt: skip
