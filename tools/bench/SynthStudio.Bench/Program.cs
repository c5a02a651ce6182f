using SynthStudio.Bench;

return args switch
{
    ["fit", .. var rest] => FitCommand.Run(Arguments.Parse(rest)),
    ["sample", .. var rest] => SampleCommand.Run(Arguments.Parse(rest)),
    ["profile", .. var rest] => ProfileCommand.Run(Arguments.Parse(rest)),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("""
        fit --data FILE [--schema FILE] [--out FILE.csv] [--save FILE.synth] [--rows N] [--seed N] [--threads N] [--max-time S] [--NAME VALUE]...
            trains the autoregressive method, draws rows, prints times and losses; any other NAME is an option of the method
        sample --model FILE.synth [--rows N] [--threads N] [--repeats N] [--out FILE.csv]
            draws rows from a package, prints rows per second and per processor second
        profile --data FILE [--out FILE.json]
            profiles a table, prints time, processor time and memory
        """);
    return 2;
}
