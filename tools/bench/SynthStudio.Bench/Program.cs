using SynthStudio.Bench;
using SynthStudio.Bench.Private;
using SynthStudio.Bench.PrivateAudit;
using SynthStudio.Bench.PrivateStep;
using SynthStudio.Bench.Step;
using SynthStudio.Synthesis;
using SynthStudio.Tabular;

try
{
    return Run(args);
}
catch (Exception e) when (e is ArgumentException or FormatException or SynthesisException or TableException)
{
    Console.Error.WriteLine(e.Message);
    return 2;
}

static int Run(string[] args) => args switch
{
    ["fit", .. var rest] => FitCommand.Run(Arguments.Parse(rest)),
    ["sample", .. var rest] => SampleCommand.Run(Arguments.Parse(rest)),
    ["quality", .. var rest] => QualityCommand.Run(Arguments.Parse(rest)),
    ["evaluate", .. var rest] => EvaluateCommand.Run(Arguments.Parse(rest)),
    ["agreement", .. var rest] => AgreementCommand.Run(Arguments.Parse(rest)),
    ["leaks", .. var rest] => LeakCommand.Run(Arguments.Parse(rest)),
    ["speed", .. var rest] => SpeedCommand.Run(Arguments.Parse(rest)),
    ["private", .. var rest] => PrivateCommand.Run(Arguments.Parse(rest)),
    ["private-curves", .. var rest] => CurvesCommand.Run(Arguments.Parse(rest)),
    ["profile", .. var rest] => ProfileCommand.Run(Arguments.Parse(rest)),
    ["anonymity", .. var rest] => AnonymityCommand.Run(Arguments.Parse(rest)),
    ["private-audit", .. var rest] => PrivateAuditCommand.Run(Arguments.Parse(rest)),
    ["step", .. var rest] => StepCommand.Run(Arguments.Parse(rest)),
    ["private-step", .. var rest] => PrivateStepCommand.Run(Arguments.Parse(rest)),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("""
        fit --data FILE [--method NAME] [--schema FILE] [--out FILE.csv] [--save FILE.synth] [--rows N] [--seed N] [--threads N] [--max-time S] [--most-cells N]
            [--epsilon E --delta D [--rows-declared N]] [--NAME VALUE]...
            trains a method (autoregressive), draws rows, prints times and losses; any other NAME is an option of the method;
            tables of more cells than N are not held in memory
        sample --model FILE.synth [--rows N] [--threads N] [--repeats N] [--out FILE.csv]
            draws rows from a package, prints rows per second and per processor second
        quality [--data FOLDER] [--methods NAME[:OPTION=VALUE]...,...] [--tables NAME,...] [--seeds N,...] [--parts NAME,...] [--max-time S]
            [--stop-after S] [--record FILE]
            trains every method on every split table of the folder (default SYNTHSTUDIO_TEST_DATA) with every seed, scores what it draws, and prints
            a Markdown table of means and spreads; --tables also names tables that are not split. What the record file
            (artifacts/bench/quality-VERSION.jsonl, by version of the methods and limit) holds already is not measured again; after --stop-after seconds no other training begins.
        evaluate [--data FOLDER] [--table NAME] [--synthetic FILE] [--attacks none|fast|full] [--seed N] [--json FILE] [--html FILE]
            scores a synthetic file (default the holdout itself) and prints what every part took; with --report-schema FILE only writes
            the JSON schema of reports
        agreement --scored FOLDER [--data FOLDER] [--table NAME]
            scores tables whose scores by an independent script lie beside them, and prints the greatest differences
        leaks [--data FOLDER] [--table NAME] [--synthetic FILE] [--seeds N] [--attacks fast|full] [--plants N,...]
              [--shadow-models N [--shadow-method NAME]]
            passes half of a table's holdout, or a file, off as synthetic, as it is and with planted training rows, and prints what each privacy measure caught
        speed [--methods NAME[:OPTION=VALUE]...,...] [--rows N,...] [--columns N,...] [--max-time S] [--score true] [--record FILE]
            times and memory of encoding, training and drawing on made tables of every size, and their growth, as a Markdown table, with --score how
            well trees tell drawn rows from fresh ones (`--methods autoregressive --rows 1000000 --columns 20 --max-time 600 --score true`); what the
            record file (artifacts/bench/speed-VERSION.jsonl) holds already is not measured again
        private [--data FOLDER] [--methods NAME,...] [--epsilon E,...] [--delta D] [--runs N] [--tables NAME,...] [--rows N] [--threads N] [--out FOLDER]
            private methods: seconds, memory, total variation on adult_discrete, TSTR on adult, as a Markdown table; the drawn rows into a folder
        private-curves --out FILE.json [--data FOLDER] [--tables NAME,...] [--methods NAME,...] [--settings ROWS:EPSILON,...] [--runs N]
            quality of private methods by rows and epsilon, as the data file that the service answers from (src/SynthStudio.Api/Privacy/quality_curves.json)
        private-audit [--canaries N] [--significance P]
            attacks the step of private training with gradient canaries; ends with 1 when a lower bound on epsilon is above the claim
        private-step [--width N] [--blocks N] [--batch N] [--threads N] [--steps N] [--rounds N]
            time and memory of a DP-SGD step against an ordinary step of the same network on the same batches, in turns
        step [--data FOLDER] [--table NAME] [--batch N] [--pac N] [--threads N] [--steps N] [--rounds N]
            time of a training step of ctgan, beside that of its products of matrices alone
        profile --data FILE [--fingerprints true] [--out FILE.json]
            profiles a table, as a server does it with the fingerprints that find the same people again, prints time, processor time and memory
        anonymity [--data FILE | --rows N] [--most-columns N] [--threads N]
            counts the sets of columns that tell the rows of a file, or of a made table, apart; prints time, processor time and memory
        """);
    return 2;
}
