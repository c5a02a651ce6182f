using System.Collections.Concurrent;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using SynthStudio.Api.Errors;
using SynthStudio.Catalog;
using SynthStudio.Privacy.Events;

namespace SynthStudio.Api.Privacy;

/// <summary>Writes the report on what a generator's model promises, as JSON and as a page.</summary>
internal sealed class PrivacyReports(PrivacyLedger ledger, DatasetStore datasets, PrivacyComputations computations, TimeProvider time)
{
    private const string Profiled = "the data set's profile, size and inferred schema, which members of the project can read: upload it as withheld to keep them in";

    private const int KeptFigures = 200;

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Figures by what they were computed from: the same events come to the same.</summary>
    private readonly ConcurrentDictionary<(string Events, double Delta), PrivacyFigures> _figures = new();

    /// <exception cref="RpcException">The generator has no model yet.</exception>
    public async Task<(string Json, string Html)> WriteAsync(GeneratorSnapshot generator, CancellationToken cancellation)
    {
        if (generator.Model is null)
            throw ApiErrors.Precondition(ErrorReasons.StateForbids, generator.Name, $"{generator.Name} has no model yet: there is nothing to report on.");
        if (generator.Origin is not null)
        {
            throw ApiErrors.Precondition(
                ErrorReasons.StateForbids, generator.Name,
                $"{generator.Name} was imported: what it promises is its signer's claim (origin of the generator), and the ledger of this server knows nothing of it.");
        }

        if (generator.IsDeclared)
        {
            var declared = Head(generator);
            declared["no_data"] = PrivacyMapping.NoData;
            return Written(declared);
        }

        var budget = await ledger.GetBudgetAsync(generator.Definition.Dataset, cancellation);
        var report = Head(generator);
        if (generator.Accountant.Statement is { } statement)
        {
            Promise(report, statement, await FiguresAsync(statement, cancellation), budget);
            if (await datasets.FindAnyAsync(generator.Definition.Dataset, cancellation) is { Withheld: false }) report["outside"]!.AsArray().Add(Profiled);
        }
        else
        {
            report["outside"] = new JsonArray("Everything: this model was trained without differential privacy, and nothing bounds what it tells of single people.");
        }

        report["ledger"] = Ledger(budget);
        return Written(report);
    }

    private static (string Json, string Html) Written(JsonObject report) => (report.ToJsonString(Indented), PrivacyReportPage.Write(report));

    private JsonObject Head(GeneratorSnapshot generator) => new()
    {
        ["format_version"] = 1,
        ["generator"] = generator.Name,
        ["dataset"] = generator.Definition.Dataset,
        ["method"] = generator.Definition.Training.Method,
        ["model_sha256"] = generator.Model!.Sha256,
        ["written"] = time.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture),
        ["guaranteed"] = generator.Accountant.Statement is not null,
    };

    private async Task<PrivacyFigures> FiguresAsync(PrivacyStatement statement, CancellationToken cancellation)
    {
        var key = (statement.EventJson, statement.Delta);
        if (_figures.TryGetValue(key, out var known)) return known;
        if (_figures.Count >= KeptFigures) _figures.Clear();
        return _figures[key] = await computations.RunAsync(
            "", _ => PrivacyFigures.Of(PrivacyEventJson.Parse(statement.EventJson), statement.Delta), cancellation);
    }

    private static void Promise(JsonObject report, PrivacyStatement statement, PrivacyFigures figures, DatasetBudget budget)
    {
        report["promise"] = new JsonObject
        {
            ["epsilon"] = statement.Epsilon,
            ["delta"] = statement.Delta,
            ["unit"] = statement.Unit,
            ["max_rows_per_unit"] = statement.MaxRowsPerUnit,
            ["neighbouring"] = statement.Neighbouring,
            ["rows"] = statement.Rows,
        };
        report["accountant"] = figures.Accountant;
        report["epsilon_at_delta"] = new JsonArray([.. figures.EpsilonAtDelta.Select(e => new JsonObject { ["delta"] = e.Delta, ["epsilon"] = Finite(e.Epsilon) })]);
        report["attacker"] = new JsonArray(
            [.. figures.Attack.Select(a => new JsonObject { ["false_positive_rate"] = a.FalsePositives, ["true_positive_rate"] = a.TruePositives })]);
        report["events"] = JsonNode.Parse(statement.EventJson);
        report["declared"] = Texts(statement.Declared);
        report["bought"] = Texts(statement.Bought);
        report["outside"] = Texts(statement.Outside);
        report["drawing_rows"] = "Costs no privacy, however many and however often: rows are drawn from the released model alone.";
        report["hazards"] = new JsonArray(
        [
            .. PrivacyHazards.Of(statement, figures, budget)
                .Select(h => new JsonObject { ["hazard"] = h.Hazard, ["status"] = h.Status, ["evidence"] = h.Evidence }),
        ]);
        report["hazards_source"] = "NIST SP 800-226";
        report["regulations"] = new JsonArray(
        [
            .. PrivacyRegulations.Of(statement, figures, budget)
                .Select(r => new JsonObject { ["regime"] = r.Regime, ["statement"] = r.Statement, ["evidence"] = Texts(r.Evidence) }),
        ]);
        report["regulations_disclaimer"] = PrivacyRegulations.Disclaimer;
    }

    private static JsonObject Ledger(DatasetBudget budget) => new()
    {
        ["badge"] = budget.Badge.ToString(),
        ["populations"] = new JsonArray(
        [
            .. budget.Populations.Select(p => new JsonObject
            {
                ["population"] = p.Name,
                ["budget_epsilon"] = p.Budget?.Epsilon,
                ["budget_delta"] = p.Budget?.Delta,
                ["spent_epsilon"] = Finite(p.SpentEpsilon),
                ["private_releases"] = p.PrivateReleases,
                ["non_private_releases"] = p.NonPrivateReleases,
                ["events"] = p.Sequence,
                ["datasets"] = Texts(p.Datasets),
            }),
        ]),
    };

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(t => JsonValue.Create(t))]);

    /// <summary>JSON has no number for an infinite epsilon.</summary>
    private static JsonValue Finite(double epsilon) => double.IsFinite(epsilon) ? JsonValue.Create(epsilon) : JsonValue.Create("infinite");
}
