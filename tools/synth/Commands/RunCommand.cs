using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using SynthStudio.Cli.Connection;
using SynthStudio.Cli.Outcome;
using SynthStudio.Cli.Progress;
using SynthStudio.Cli.Running;
using SynthStudio.Cli.Sample;

namespace SynthStudio.Cli.Commands;

/// <summary><c>synth run</c>: a table in; synthetic rows, a model package, a report and a record out.</summary>
internal sealed class RunCommand(TimeProvider time)
{
    private const int SampleSeed = 20260101;

    private readonly ConnectionOptions connection = new();

    private readonly Argument<FileInfo?> data = new("DATA")
    {
        Arity = ArgumentArity.ZeroOrOne,
        Description = "The table to learn: CSV, TSV, JSON, NDJSON or Parquet, also compressed. Without it a made-up sample is used.",
    };

    private readonly Option<FileInfo?> schema = new("--schema") { Description = "Schema file: kinds of columns, target and task.", HelpName = "FILE" };

    private readonly Option<FileInfo?> holdout = new("--holdout")
    {
        Description = "Real rows that are kept from the generator, to measure privacy and utility with.", HelpName = "FILE",
    };

    private readonly Option<string> method = new("--method") { Description = "How to learn; see synth methods. Under privacy terms auto, unless one is named.", HelpName = "NAME", DefaultValueFactory = _ => "autoregressive" };

    private readonly Option<string[]> option = new("--option") { Description = "Option of the method, name=value; may be repeated.", HelpName = "NAME=VALUE", DefaultValueFactory = _ => [] };

    private readonly Option<long?> rows = new("--rows") { Description = "Synthetic rows to draw; by default as many as DATA has.", HelpName = "N" };

    private readonly Option<double?> maxTime = new("--max-time") { Description = "Limit of training in seconds; by default the method chooses.", HelpName = "SECONDS" };

    private readonly Option<long> seed = new("--seed") { Description = "Equal seeds give equal results on the same machine.", HelpName = "N" };

    private readonly Option<DirectoryInfo> output = new("--out") { Description = "Folder for synthetic.csv, report.html, report.json, run.json and generator.synth.", HelpName = "DIR", Required = true };

    private readonly Option<bool> learnAllRows = new("--learn-all-rows") { Description = "Hold back no rows; without a holdout a tenth, at most 10,000, is held back for the report." };

    private readonly PrivacyOptions privacy = new();

    private readonly EvaluationOptionSet evaluation = new();

    public Command Create()
    {
        var command = new Command("run", "Learn a table and draw synthetic rows like it, with a report on their quality and privacy.") { data };
        Option[] options = [output, schema, holdout, learnAllRows, method, option, rows, maxTime, seed];
        foreach (var each in options)
        {
            command.Options.Add(each);
        }

        evaluation.AddTo(command);
        foreach (var each in privacy.OfTable)
        {
            command.Options.Add((Option)each);
        }

        connection.AddTo(command);
        return command.Does(RunAsync);
    }

    private async Task RunAsync(ParseResult parse, CancellationToken cancellation)
    {
        var started = StartOfProgram();
        var settings = connection.Read(parse);
        var request = Read(parse);

        await using var view = ProgressViews.Create(time);
        await using var server = await ServerSession.OpenAsync(settings, cancellation);
        await server.Client.EnsureProjectAsync(cancellation);
        var (record, metrics) = await new RunPipeline(server.Client, view, time).RunAsync(request, server.IsHosted, started, cancellation);
        await view.DisposeAsync();

        if (record.Chosen is { } chosen) Console.WriteLine($"Chosen: {chosen.Reason}");
        Console.WriteLine(Summaries.Scores(metrics));
        if (record.Privacy is { } promise)
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"Differentially private: epsilon {promise.Epsilon:0.####} at delta {promise.Delta:G3}. The report is not: it is computed from the real rows, keep it inside."));
        }

        Console.WriteLine($"{Counts.Of(record.SyntheticRows, "synthetic row")}, report, model and record: {request.Output} ({record.Seconds.Total:0.0} s)");
    }

    private RunRequest Read(ParseResult parse)
    {
        var folder = InputFiles.OutputFolder("--out", parse.GetRequiredValue(output));
        if (parse.GetValue(rows) is < 1)
        {
            throw new BadInputException("--rows must be at least 1.");
        }

        var limit = parse.GetValue(maxTime);
        if (limit is { } seconds && !(seconds > 0 && seconds <= TimeSpan.FromDays(30).TotalSeconds))
        {
            throw new BadInputException("--max-time must be more than 0 seconds and at most 30 days.");
        }

        var promised = privacy.Read(parse);
        var named = parse.GetValue(data);
        var schemaJson = InputFiles.Schema(parse.GetValue(schema));
        var kept = parse.GetValue(holdout) is { } file ? InputFiles.Table("--holdout", file) : null;
        var table = named is null ? WriteSample(folder, ref schemaJson, ref kept) : InputFiles.Table("DATA", named);
        return new RunRequest(
            table,
            schemaJson,
            kept,
            promised is not null && parse.GetResult(method) is not { Implicit: false } ? "" : parse.GetValue(method)!,
            KeyValues.Parse("--option", parse.GetValue(option)!),
            parse.GetValue(rows),
            limit is { } time ? TimeSpan.FromSeconds(time) : null,
            parse.GetValue(seed),
            evaluation.Read(parse),
            promised,
            parse.GetValue(learnAllRows),
            folder);
    }

    /// <summary>Puts the made-up table, and as many rows again for the holdout, into the output folder.</summary>
    private static FileInfo WriteSample(DirectoryInfo folder, ref string? schemaJson, ref FileInfo? kept)
    {
        var train = new FileInfo(Path.Combine(folder.FullName, "sample.csv"));
        CustomersSample.Write(train.FullName, SampleSeed);
        schemaJson ??= CustomersSample.SchemaJson;
        if (kept is null)
        {
            kept = new FileInfo(Path.Combine(folder.FullName, "sample.holdout.csv"));
            CustomersSample.Write(kept.FullName, SampleSeed + 1);
        }

        return train;
    }

    /// <summary>The time stamp of this process's start: a run lasts as long as its user waited.</summary>
    private long StartOfProgram()
    {
        using var self = Process.GetCurrentProcess();
        var age = time.GetUtcNow() - self.StartTime.ToUniversalTime();
        return time.GetTimestamp() - (long)(age.TotalSeconds * time.TimestampFrequency);
    }
}
