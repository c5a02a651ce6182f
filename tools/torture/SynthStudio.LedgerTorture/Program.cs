using System.Globalization;
using SynthStudio.LedgerTorture;

// torture [OPERATIONS [CLIENTS [SEED [FAULT]]]]: tortures a ledger in a temporary folder; the exit code says whether its books are right.
// SYNTHSTUDIO_TORTURE_POSTGRES names an empty PostgreSQL database to do it in; its role must be allowed to make databases.
// torture audit DATA [LEDGER]: reads the ledgers of a server's data folder (and ledger folder) again from their first line.
if (args is ["audit", var data, .. var rest]) return await ServerAudit.RunAsync(data, rest is [var ledgerFolder] ? ledgerFolder : Path.Combine(data, "ledger"));
if (args is ["client", var folder, var client, var operations, var seed, var breaks, var kills, var planted])
{
    var share = new TortureOptions
    {
        Folder = folder, Seed = Number(seed), BreakEvery = Number(breaks), KillEvery = Number(kills), Fault = Enum.Parse<PlantedFault>(planted),
    };
    await TortureRun.RunClientAsync(share, Number(client), Number(operations));
    return 0;
}

var temporary = Directory.CreateTempSubdirectory("synthstudio-torture-");
var options = new TortureOptions { Folder = temporary.FullName, Postgres = Environment.GetEnvironmentVariable("SYNTHSTUDIO_TORTURE_POSTGRES") };
if (args.Length > 0) options = options with { Operations = Number(args[0]) };
if (args.Length > 1) options = options with { Clients = Number(args[1]) };
if (args.Length > 2) options = options with { Seed = Number(args[2]) };
if (args.Length > 3) options = options with { Fault = Enum.Parse<PlantedFault>(args[3], ignoreCase: true) };
var started = TimeProvider.System.GetTimestamp();
var verdict = await TortureRun.RunAsync(options);
Console.WriteLine($"{verdict} ({TimeProvider.System.GetElapsedTime(started).TotalSeconds:0} s)");
if (verdict.IsGood) temporary.Delete(recursive: true);
else Console.WriteLine($"The books are in {temporary}.");
return verdict.IsGood ? 0 : 1;

static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
