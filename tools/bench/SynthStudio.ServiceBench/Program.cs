using SynthStudio.ServiceBench;

// dotnet run --project tools/bench/SynthStudio.ServiceBench -c Release -- [MEASUREMENT]... [--data TABLE.csv]
// Prints one Markdown table row a measurement. Server and client are processes of their own on this machine.
if (args is ["echo-server", var portFile])
{
    await EchoServer.RunAsync(portFile);
    return 0;
}

if (args is ["access-server", var guarded, var open])
{
    await AccessCost.ServeAsync(guarded, open);
    return 0;
}

var measurements = new Dictionary<string, Func<BenchOptions, Task<Measured>>>
{
    ["start"] = ColdStart.MeasureAsync,
    ["unary"] = UnaryCalls.MeasureAsync,
    ["access"] = AccessCost.MeasureAsync,
    ["claims"] = QuotaClaims.MeasureAsync,
    ["cluster-claims"] = QuotaClaims.MeasureClusterAsync,
    ["encryption"] = EncryptionSpeed.MeasureAsync,
    ["upload"] = UploadSpeed.MeasureAsync,
    ["import"] = ImportSpeed.MeasureAsync,
    ["export"] = ExportSpeed.MeasureAsync,
    ["watch"] = WatchDelay.MeasureAsync,
    ["progress-log"] = ProgressLogSpeed.MeasureAsync,
    ["submit"] = SubmitToRunning.MeasureAsync,
    ["first-rows"] = FirstRows.MeasureAsync,
    ["rows"] = RowStream.MeasureAsync,
    ["watchers"] = ManyWatchers.MeasureAsync,
    ["generators"] = IdleGenerators.MeasureAsync,
    ["jobs"] = JobThroughput.MeasureAsync,
    ["cluster-progress-log"] = ProgressLogSpeed.MeasureClusterAsync,
    ["resume-worker"] = ResumeAfterKill.WorkerAsync,
    ["resume-silo"] = ResumeAfterKill.SiloAsync,
    ["two-silos"] = TwoSilos.MeasureAsync,
    ["silo-cost"] = SiloCost.MeasureAsync,
    ["audit"] = AuditSpeed.MeasureAsync,
    ["webhooks"] = WebhookFanOut.MeasureAsync,
    ["sign-in"] = SignIns.MeasureAsync,
};
var names = args.TakeWhile(a => !a.StartsWith('-')).ToList();
var options = args.Skip(names.Count).ToList();
var data = options is ["--data", var table] ? table : null;
if (names.Find(n => !measurements.ContainsKey(n)) is { } unknown)
{
    await Console.Error.WriteLineAsync($"Unknown measurement {unknown}; there are {string.Join(", ", measurements.Keys)}.");
    return 2;
}

if (options.Count > 0 && data is null)
{
    await Console.Error.WriteLineAsync($"Usage: [MEASUREMENT]... [--data TABLE.csv]. Without a measurement all are made: {string.Join(", ", measurements.Keys)}.");
    return 2;
}

Console.WriteLine($"{Environment.ProcessorCount} cores, {TimeProvider.System.GetUtcNow():yyyy-MM-dd}\n");
Console.WriteLine("| what | measured | at least | aim |");
Console.WriteLine("|---|---|---|---|");
foreach (var name in names.Count > 0 ? names : [.. measurements.Keys])
{
    Console.WriteLine(await measurements[name](new BenchOptions(data)));
}

return 0;
