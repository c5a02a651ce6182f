using System.Diagnostics;
using System.Text.Json;
using SynthStudio.Evaluation.Reporting;
using SynthStudio.Tabular;

namespace SynthStudio.Evaluation.Tests;

/// <summary>Our figures beside those of an independent script that defines the same metrics with pandas and scikit-learn.</summary>
[TestClass]
[DoNotParallelize]
public sealed class RefereeTests(TestContext context)
{
    // What is counted agrees to the rounding of the published figures; what is learned, to what another boosting library may differ.
    private const double CountedTolerance = 0.0002;
    private const double LearnedTolerance = 0.02;

    private static readonly string[] Counted =
    [
        "shape", "trend", "trend_shared", "trend_thresholded", "qa_univariate", "qa_univariate_max", "qa_bivariate", "qa_bivariate_max",
        "qa_accuracy", "qa_accuracy_max", "dcr_share", "exact_match_train", "exact_match_holdout",
    ];

    private static readonly string[] Learned = ["c2st_auc", "logistic_detection", "tstr", "trtr"];

    private static readonly string[] Parts = ["metrics", "ceiling"];

    private static readonly Dictionary<string, string> MethodOfFile = new()
    {
        ["mostlyai"] = "MOSTLY AI SDK 12/2024",
        ["synthcity-ddpm"] = "synthcity TabDDPM 2024",
        ["2023-ctgan"] = "SDV CTGAN",
        ["2023-synthpop"] = "synthpop CART (donor values: copies rows)",
    };

    [TestMethod]
    [DataRow("adult")]
    [DataRow("credit_default")]
    [DataRow("online_shoppers")]
    public void Published_outputs_of_other_systems_score_as_published(string dataset)
    {
        if (TestData.Folder is null)
        {
            context.WriteLine("NOT RUN: the public tables are not here; SYNTHSTUDIO_TEST_DATA names their folder.");
            return;
        }

        var folder = Path.Combine(TestData.Folder, dataset);
        var schema = SchemaFile.Read(Path.Combine(folder, "schema.json"));
        var train = TableReader.Read(Path.Combine(folder, "train.csv.gz"), schema: schema);
        var holdout = ReadLike(train, Path.Combine(folder, "holdout.csv.gz"));
        const EvaluationParts Compared = EvaluationParts.Shape | EvaluationParts.Trend | EvaluationParts.Accuracy | EvaluationParts.Detection
            | EvaluationParts.LogisticDetection | EvaluationParts.Utility | EvaluationParts.Distance;
        var options = new EvaluationOptions { Parts = Compared, MeasureCeiling = false };
        using var published = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "peers.json")));
        foreach (var file in Directory.GetFiles(Path.Combine(folder, "peers"), "*.csv.gz").Order())
        {
            var method = MethodOfFile[Path.GetFileName(file)[..^".csv.gz".Length]];
            var expected = published.RootElement.EnumerateArray().Single(scores => scores.GetProperty("method").GetString() == method);
            var report = Evaluator.Evaluate(train, ReadLike(train, file), holdout, options);
            Compare($"{dataset}: {method}", expected, Json(report).GetProperty("metrics"));
        }
    }

    [TestMethod]
    public void A_table_made_here_scores_as_the_script_said()
    {
        var (train, synthetic, holdout) = MadeTables();

        var ours = Json(Evaluator.Evaluate(train, synthetic, holdout, new EvaluationOptions()));

        foreach (var part in Parts) Compare(part, Recorded().GetProperty(part), ours.GetProperty(part));
    }

    [TestMethod]
    public async Task The_script_still_says_what_was_recorded()
    {
        if (TestData.Referee is not { } script)
        {
            context.WriteLine("NOT RUN: the scoring script is not here.");
            return;
        }

        if (await Python("-c", "import pandas, scipy, sklearn") is not (0, _))
        {
            context.WriteLine("NOT RUN: no Python with pandas, SciPy and scikit-learn.");
            return;
        }

        var folder = Directory.CreateTempSubdirectory("evaluation-").FullName;
        try
        {
            var (train, synthetic, holdout) = MadeTables();
            await File.WriteAllTextAsync(Path.Combine(folder, "train.csv"), People.ToCsv(train));
            await File.WriteAllTextAsync(Path.Combine(folder, "synthetic.csv"), People.ToCsv(synthetic));
            await File.WriteAllTextAsync(Path.Combine(folder, "holdout.csv"), People.ToCsv(holdout));
            await File.WriteAllTextAsync(
                Path.Combine(folder, "schema.json"),
                """
                {"target": "rich", "task": "binary", "columns": {"age": "numerical", "income": "numerical", "city": "categorical",
                 "rooms": "categorical", "owns": "categorical", "joined": "datetime", "rich": "categorical"}}
                """);
            string Path_(string name) => Path.Combine(folder, name);
            var (status, output) = await Python(
                script, "--train", Path_("train.csv"), "--synthetic", Path_("synthetic.csv"), "--holdout", Path_("holdout.csv"),
                "--schema", Path_("schema.json"), "--json", Path_("score.json"));
            Assert.AreEqual(0, status, output);

            using var theirs = JsonDocument.Parse(await File.ReadAllTextAsync(Path_("score.json")));
            foreach (var part in Parts) Compare($"recorded {part}", theirs.RootElement.GetProperty(part), Recorded().GetProperty(part));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static (Table Train, Table Synthetic, Table Holdout) MadeTables() =>
        (People.Make(1500, 11), Distorted(People.Make(2200, 12)), People.Make(1300, 13));

    /// <summary>What the independent script printed for <see cref="MadeTables"/>.</summary>
    private static JsonElement Recorded()
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "RefereeScores.json")));
        return document.RootElement.Clone();
    }

    /// <summary>Wrong in every way that the metrics look at: range, mix of categories, dependence, missing values.</summary>
    private static Table Distorted(Table table)
    {
        var random = new Random(5);
        var income = Array.ConvertAll(((NumericColumn)table["income"]).Values, v => Math.Round(v * (0.7 + (0.6 * random.NextDouble())), 2));
        var city = Array.ConvertAll(((CodedColumn)table["city"]).Codes, code => random.NextDouble() < 0.1 ? CodedColumn.Missing : code);
        var rooms = Array.ConvertAll(((CodedColumn)table["rooms"]).Codes, code => random.NextDouble() < 0.3 ? 6 : code);
        table = People.With(table, People.Numbers("income", income));
        table = People.With(table, People.Codes("city", city, ((CodedColumn)table["city"]).Values));
        return People.With(table, People.Codes("rooms", rooms, ["0", "1", "2", "3", "4", "5", "12"]));
    }

    private void Compare(string what, JsonElement expected, JsonElement actual)
    {
        var compared = 0;
        foreach (var name in Counted.Concat(Learned))
        {
            if (expected.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number)
            {
                compared++;
                var (theirs, ours) = (value.GetDouble(), actual.GetProperty(name).GetDouble());
                context.WriteLine(FormattableString.Invariant($"{what}: {name} {theirs:F4}, ours {ours - theirs:+0.0000;-0.0000}"));
                Assert.AreEqual(theirs, ours, Counted.Contains(name) ? CountedTolerance : LearnedTolerance, $"{what}: {name}");
            }
        }

        Assert.IsGreaterThan(8, compared, what);
    }

    private static Table ReadLike(Table train, string path) =>
        TableReader.ReadAs(path, train.Schema, options: new ReadOptions { InvalidValuesAreMissing = true });

    private static JsonElement Json(EvaluationReport report)
    {
        using var document = JsonDocument.Parse(report.ToJson());
        return document.RootElement.Clone();
    }

    /// <summary>Debian's Python first: its packages are the ones that are installed there.</summary>
    private static async Task<(int Status, string Output)> Python(params string[] arguments)
    {
        var program = File.Exists("/usr/bin/python3") ? "/usr/bin/python3" : "python3";
        try
        {
            var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
            using var process = Process.Start(start)!;
            var error = process.StandardError.ReadToEndAsync();
            var output = await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            return (process.ExitCode, output + await error);
        }
        catch (System.ComponentModel.Win32Exception missing)
        {
            return (-1, missing.Message);
        }
    }
}
