using System.Globalization;
using SynthStudio.ClusterTorture;

// --faults N --seed S --minutes M [--kinds A,B] [--users U] [--apart true] [--from CHECKOUT] [--logs FOLDER]: tortures a cluster of its own; the exit code says
// whether all promises were kept: 0 yes, 1 no, 2 nothing was tried, and why is told.
if (args is [LabelledWorker.Verb, var silo, .. var rest]) return await LabelledWorker.RunAsync(silo, rest);

TortureRun run;
var options = new TortureOptions { Say = Console.WriteLine };
try
{
    for (var i = 0; i + 1 < args.Length; i += 2)
    {
        var value = args[i + 1];
        options = args[i] switch
        {
            "--faults" => options with { Faults = Number(value) },
            "--seed" => options with { Seed = Number(value) },
            "--minutes" => options with { Time = TimeSpan.FromMinutes(double.Parse(value, CultureInfo.InvariantCulture)) },
            "--kinds" => options with { Kinds = [.. value.Split(',').Select(k => Enum.Parse<FaultKind>(k, ignoreCase: true))] },
            "--apart" => options with { Apart = bool.Parse(value) },
            "--users" => options with { Users = Number(value) },
            "--from" => options with { From = value },
            "--logs" => options with { LogFolder = value },
            _ => throw new ArgumentException($"{args[i]} is not known; say --faults, --seed, --minutes, --kinds, --users, --apart, --from or --logs."),
        };
    }

    run = await TortureRun.StartAsync(options);
}
catch (Exception e) when (e is ArgumentException or FormatException or OverflowException or InvalidOperationException)
{
    Console.Error.WriteLine(e.Message);
    return 2;
}

await using (run)
{
    await run.StrikeAsync();
    var isGood = false;
    Verdict verdict;
    try
    {
        verdict = await run.CheckAsync();
        isGood = verdict.IsGood;
    }
    finally
    {
        if (options.LogFolder is { } folder && !isGood) run.KeepLogs(folder); // As well where there is no verdict.
    }

    Console.WriteLine();
    Console.WriteLine(verdict);
    return verdict.IsGood ? 0 : 1;
}

static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
