using System.Diagnostics;
using System.Globalization;
using SynthStudio.ApiFuzz;

// [--messages N] [--seed S] [--methods PART] [--seconds LIMIT]: sends N mutated messages to every method (whose name has PART in it) of a server of its own.
// A method that takes longer than LIMIT is left after so many as were sent by then, which is told. The exit code says whether every answer was one that a
// caller may get, the server lives, and logged no error.
var (messages, seed, part, limit) = (10_000, 1, "", TimeSpan.FromSeconds(60));
for (var i = 0; i + 1 < args.Length; i += 2)
{
    switch (args[i])
    {
        case "--messages": messages = Number(args[i + 1]); break;
        case "--seed": seed = Number(args[i + 1]); break;
        case "--methods": part = args[i + 1]; break;
        case "--seconds": limit = TimeSpan.FromSeconds(Number(args[i + 1])); break;
        default: throw new ArgumentException($"{args[i]} is not known; say --messages, --seed, --methods or --seconds.");
    }
}

await using var server = await FuzzedServer.StartAsync();
var clock = Stopwatch.StartNew();
var (sent, faults, late) = (0, 0, 0);
foreach (var target in FuzzTarget.All.Where(target => target.ToString().Contains(part, StringComparison.Ordinal)))
{
    var report = await server.FuzzAsync(target, messages, seed, limit);
    Console.WriteLine(report);
    (sent, faults, late) = (sent + report.Calls, faults + report.Faults.Count, late + (report.Calls < messages ? 1 : 0));
    if (!await server.IsHealthyAsync())
    {
        Console.WriteLine($"The server is gone:\n{server}");
        return 1;
    }
}

var logged = server.LoggedErrors();
foreach (var line in logged.Take(20)) Console.WriteLine(line);
Console.WriteLine($"\n{sent:N0} messages in {clock.Elapsed.TotalSeconds:0} s, seed {seed}: {faults} answers that nobody may get, {logged.Count} errors logged, {late} methods left early.");
return faults + logged.Count == 0 ? 0 : 1;

static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
