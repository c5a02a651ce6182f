using System.CommandLine;
using System.Globalization;
using Google.Protobuf.Collections;
using SynthStudio.Cli.Outcome;
using SynthStudio.Hosting;
using SynthStudio.V1;

namespace SynthStudio.Cli.Commands;

/// <summary><c>synth privacy budget|partition|events|report|validate|recommend</c>: what a server accounts for.</summary>
internal sealed class PrivacyServerCommands
{
    private readonly ServerCommand server = new();
    private readonly Argument<string> dataset = new("DATASET") { Description = "Resource name or id of the data set." };
    private readonly Argument<string> generator = new("GENERATOR") { Description = "Resource name or id of the generator." };
    private readonly Option<double?> newEpsilon = new("--epsilon") { Description = "Sets the budget: what may be spent in all. For owners.", HelpName = "E" };
    private readonly Option<double?> newDelta = new("--delta") { Description = "Sets the budget: the total probability that the promise may fail.", HelpName = "D" };
    private readonly Option<double> epsilon = new("--epsilon") { Description = "The promise to plan for; by default 1, or what is left.", HelpName = "E" };
    private readonly Option<double> needed = new("--epsilon") { Description = "The promise.", HelpName = "E", Required = true };
    private readonly Option<double> delta = new("--delta") { Description = "Probability that the promise may fail.", HelpName = "D", Required = true };
    private readonly Option<long?> rows = new("--rows-declared") { Description = "The table's size, where that is public.", HelpName = "N" };
    private readonly Option<long> size = new("--rows-declared") { Description = "The table's size.", HelpName = "N", Required = true };
    private readonly Option<double> noise = new("--noise-multiplier") { Description = "Noise of the plan; by default the method's.", HelpName = "S" };
    private readonly Option<double> rate = new("--sample-rate") { Description = "Sampling rate of the plan; by default the method's.", HelpName = "Q" };
    private readonly Option<long> steps = new("--steps") { Description = "Steps of the plan; by default the method's.", HelpName = "T" };
    private readonly Option<FileInfo?> html = new("--html") { Description = "Also writes the report as a page.", HelpName = "FILE" };
    private readonly Option<string?> column = new("--column") { Description = "Divides the data set by this column: nobody may have rows in two parts. For owners.", HelpName = "COLUMN" };
    private readonly Option<string[]> parts = new("--part") { Description = "A part and the values of its rows; may be repeated.", HelpName = "NAME=VALUE,VALUE", DefaultValueFactory = _ => [] };
    private readonly Option<int> buckets = new("--buckets") { Description = "So many parts by a hash of the value, named 1, 2, 3, …", HelpName = "N" };
    private readonly Option<bool> json = new("--json") { Description = "Print the answer as JSON." };

    public IEnumerable<Command> Create() =>
    [
        server.Create("budget", "Show the privacy budget of a data set's people, or set it.", [dataset, newEpsilon, newDelta, json], BudgetAsync),
        server.Create("partition", "Show the parts that a data set is divided into, or divide it: parts are paid for side by side.", [dataset, column, parts, buckets, json], PartitionAsync),
        server.Create("events", "List the privacy ledger of a data set's people, newest first.", [dataset, json], EventsAsync),
        server.Create("report", "Print the report on what a generator promises, as JSON.", [generator, html], ReportAsync),
        server.Create("validate", "Say what is wrong or doubtful with a plan.", [dataset, needed, delta, rows, noise, rate, steps, json], ValidateAsync),
        server.Create("recommend", "Recommend delta, sampling rate, steps and noise for a table of a declared size.", [dataset, size, epsilon, json], RecommendAsync),
    ];

    private async Task BudgetAsync(ServerCall call)
    {
        var name = Dataset(call) + "/privacyBudget";
        var (e, d) = (call.Parse.GetValue(newEpsilon), call.Parse.GetValue(newDelta));
        if (e is null != d is null) throw new BadInputException("A budget is set with both --epsilon and --delta.");
        var budget = e is { } total
            ? await call.Client.Privacy.SetPrivacyBudgetAsync(
                new SetPrivacyBudgetRequest
                {
                    PrivacyBudget = new PrivacyBudget { Name = name, Epsilon = total, Delta = d!.Value },
                    RequestId = Guid.NewGuid().ToString(),
                },
                cancellationToken: call.Cancellation)
            : await call.Client.Privacy.GetPrivacyBudgetAsync(
                new GetPrivacyBudgetRequest { Name = name }, cancellationToken: call.Cancellation);
        Console.WriteLine(call.Parse.GetValue(json)
            ? Names.Json(budget)
            : budget.Epsilon == 0
                ? $"No budget is set; {Names.Of(budget.Badge)}."
                : Text($"epsilon {budget.Epsilon:G6} at delta {budget.Delta:G3}: {budget.SpentEpsilon:G6} spent or reserved, {budget.RemainingEpsilon:G6} left; {Names.Of(budget.Badge)}."));
    }

    private async Task PartitionAsync(ServerCall call)
    {
        var name = Dataset(call);
        var by = call.Parse.GetValue(column);
        if (by is null && (call.Parse.GetValue(parts)!.Length > 0 || call.Parse.GetValue(buckets) > 0)) throw new BadInputException("--part and --buckets need --column.");
        var wanted = new PrivacyPartition { Column = by ?? "", Buckets = call.Parse.GetValue(buckets) };
        foreach (var (part, values) in KeyValues.Parse("--part", call.Parse.GetValue(parts)!))
            wanted.Parts.Add(new PrivacyPart { Name = part, Values = { values.Split(',') } });
        var budget = by is null
            ? await call.Client.Privacy.GetPrivacyBudgetAsync(
                new GetPrivacyBudgetRequest { Name = name + "/privacyBudget" },
                cancellationToken: call.Cancellation)
            : await call.Client.Privacy.DeclarePrivacyPartitionAsync(
                new DeclarePrivacyPartitionRequest { Parent = name, Partition = wanted, RequestId = Guid.NewGuid().ToString() },
                cancellationToken: call.Cancellation);
        var divided = budget.Populations.SelectMany(p => p.Partitions).FirstOrDefault(p => p.Dataset == name);
        if (call.Parse.GetValue(json))
        {
            Console.WriteLine(divided is null ? "{}" : Names.Json(divided));
            return;
        }

        Console.WriteLine(divided is null ? "It is not divided." : ControlCharacters.Escape($"Divided by {divided.Column}; epsilon spent or reserved of each part's people, whole tables included:"));
        foreach (var part in divided?.Parts ?? [])
            Console.WriteLine(ControlCharacters.Escape(Text($"{part.Name}: {part.SpentEpsilon:G6}{(part.Values.Count > 0 ? $" ({string.Join(", ", part.Values)})" : "")}")));
    }

    private async Task EventsAsync(ServerCall call)
    {
        var table = new TextTable("TIME", "EVENT", "EPSILON", "DELTA", "WHAT", "ACTOR");
        var entries = Pages.ReadAsync(
            token => call.Client.Privacy.ListPrivacyEventsAsync(
                new ListPrivacyEventsRequest { Parent = Dataset(call), PageSize = Pages.Size, PageToken = token },
                cancellationToken: call.Cancellation),
            page => page.PrivacyEvents, page => page.NextPageToken);
        await foreach (var e in entries)
        {
            if (call.Parse.GetValue(json)) Console.WriteLine(Google.Protobuf.JsonFormatter.Default.Format(e));
            table.Add(
                e.CreateTime.ToDateTimeOffset().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture), Names.Of(e.Kind),
                e.Epsilon > 0 ? Text($"{e.Epsilon:G6}") : "", e.Delta > 0 ? Text($"{e.Delta:G3}") : "",
                e.Partition is { } divided ? $"by {divided.Column}" : e.What.Length > 0 ? $"{e.What} {Names.Id(e.Subject)}" : Names.Id(e.Job) + (e.Part.Length > 0 ? $" (part {e.Part})" : ""), Names.Id(e.Actor));
        }

        if (!call.Parse.GetValue(json)) Console.WriteLine(table);
    }

    private async Task ReportAsync(ServerCall call)
    {
        var name = call.Client.Resource("generators", call.Parse.GetRequiredValue(generator));
        var report = await call.Client.Privacy.GetPrivacyReportAsync(
            new GetPrivacyReportRequest { Name = name + "/privacyReport" }, cancellationToken: call.Cancellation);
        if (call.Parse.GetValue(html) is { } page) await File.WriteAllTextAsync(InputFiles.Output("--html", page).FullName, report.Html, call.Cancellation);
        Console.WriteLine(report.Json);
    }

    private async Task ValidateAsync(ServerCall call)
    {
        var config = new PrivacyConfig
        {
            Terms = new PrivacyTerms { Epsilon = call.Parse.GetValue(needed), Delta = call.Parse.GetValue(delta), MaxRowsPerUnit = 1 },
            NoiseMultiplier = call.Parse.GetValue(noise),
            SampleRate = call.Parse.GetValue(rate),
            Steps = call.Parse.GetValue(steps),
        };
        if (call.Parse.GetValue(rows) is { } declared) config.Terms.Rows = declared;
        var answer = await call.Client.Privacy.ValidatePrivacyConfigAsync(
            new ValidatePrivacyConfigRequest { Parent = Dataset(call), Config = config }, cancellationToken: call.Cancellation);
        if (call.Parse.GetValue(json))
        {
            Console.WriteLine(Names.Json(answer));
            return;
        }

        Print(answer.Findings);
        Print(answer.Expected);
        Console.WriteLine((answer.Valid ? "It can be trained." : "It would be refused.") + (answer.HasEpsilon ? Text($" Its noise comes to epsilon {answer.Epsilon:G6}.") : ""));
    }

    private async Task RecommendAsync(ServerCall call)
    {
        var answer = await call.Client.Privacy.RecommendPrivacyConfigAsync(
            new RecommendPrivacyConfigRequest { Parent = Dataset(call), Rows = call.Parse.GetValue(size), Epsilon = call.Parse.GetValue(epsilon) },
            cancellationToken: call.Cancellation);
        if (call.Parse.GetValue(json))
        {
            Console.WriteLine(Names.Json(answer));
            return;
        }

        var plan = answer.Config;
        Console.WriteLine(Text($"epsilon {plan.Terms.Epsilon:G6} at delta {plan.Terms.Delta:G3}; for DP-SGD: sample rate {plan.SampleRate:G4}, {plan.Steps} steps, noise multiplier {plan.NoiseMultiplier:G6}"));
        Print(answer.Findings);
        Print(answer.Expected);
    }

    private static void Print(RepeatedField<ExpectedQuality> expected)
    {
        foreach (var e in expected)
        {
            Console.WriteLine(Text(
                $"{e.Method}: expect columns {e.ColumnDistanceLow:0.###} to {e.ColumnDistanceHigh:0.###} off and pairs {e.PairDistanceLow:0.###} to {e.PairDistanceHigh:0.###} (0 is the same, 1 disjoint); about {e.ProcessorTime.ToTimeSpan().TotalSeconds:0.#} s of a processor, {e.MemoryBytes >> 20} MB{(e.BeyondMeasured ? "; beyond what was measured" : "")}"));
        }

        if (expected.Count > 0) Console.WriteLine($"Measured on {expected[0].MeasuredOn}.");
    }

    private static void Print(IEnumerable<PrivacyFinding> findings)
    {
        foreach (var f in findings) Console.WriteLine(ControlCharacters.Escape($"{Names.Of(f.Severity)}: {f.Message}"));
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private string Dataset(ServerCall call) => call.Client.Resource("datasets", call.Parse.GetRequiredValue(dataset));
}
