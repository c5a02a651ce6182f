using System.Globalization;
using System.Text.Json.Nodes;
using SynthStudio.Api.Authorization;
using SynthStudio.Api.Privacy;
using SynthStudio.Catalog;

namespace SynthStudio.Api.Registry;

/// <summary>Makes the card of a model from what is stored, and from nothing else: what was not measured says so.</summary>
internal sealed class ModelCards(
    DatasetStore datasets, EvaluationStore evaluations, GeneratorAliasStore aliases, PackageManifests manifests, TrainingOfModel trainings)
{
    public const string NotMeasured = "not measured", NotStored = "not stored", None = "none";

    /// <summary>The section of reports that tell nothing certain of the model.</summary>
    public const string OfOtherModels = "evaluations_of_an_earlier_or_unknown_model";

    private const int MostEvaluations = 20;

    /// <summary>The card as sections of names and values.</summary>
    public async Task<JsonObject> MakeAsync(GeneratorSnapshot generator, CancellationToken cancellation)
    {
        var definition = generator.Definition;
        var facts = generator.Model is { } model ? await manifests.ReadAsync(model, cancellation) : null;
        var scored = await OfModelAsync(generator, MostEvaluations, cancellation);
        var others = await evaluations.ListOfOtherModelsAsync(generator.Name, generator.Model?.Sha256 ?? "", MostEvaluations, cancellation);
        var named = await aliases.ListOfGeneratorAsync(generator.Name, cancellation);
        var card = new JsonObject
        {
            ["generator"] = new JsonObject
            {
                ["name"] = generator.Name, ["display_name"] = definition.DisplayName, ["state"] = generator.State.ToString(),
                ["aliases"] = named.Count == 0 ? None : string.Join(", ", named.Select(a => ResourceName.Id(a.Name))),
                ["creator"] = definition.Creator, ["created"] = Time(generator.CreateTime),
            },
            ["model"] = new JsonObject
            {
                ["sha256"] = generator.Model?.Sha256 ?? NotStored, ["size_bytes"] = generator.Model?.Size,
                ["method"] = facts?.Method ?? definition.Training.Method, ["method_chosen_because"] = facts?.Choice ?? NotStored,
                ["code_version"] = facts?.CodeVersion ?? NotStored, ["trained"] = facts is null ? NotStored : Time(facts.Created),
            },
            ["data"] = await DataAsync(definition, facts, cancellation),
            ["configuration"] = Configuration(definition),
            ["privacy"] = Privacy(generator),
            ["training_figures"] = Figures(
                await trainings.FiguresAsync(generator, cancellation),
                generator.Model is null || generator.Origin is not null ? NotMeasured : NotStored),
            ["evaluations"] = Evaluations(scored),
        };
        if (others.Count > 0) card[OfOtherModels] = Evaluations(others);
        if (generator.Origin is { } origin) card["origin"] = Origin(origin);
        return card;
    }

    /// <summary>
    /// What the training that made the model measured, and the newest evaluation of rows drawn from that model beside
    /// the table that it learned, by name.
    /// </summary>
    public async Task<IReadOnlyDictionary<string, double>> FiguresAsync(GeneratorSnapshot generator, CancellationToken cancellation)
    {
        var learned = generator.Definition.Dataset; // None of a model that was imported or declared.
        var figures = (await trainings.FiguresAsync(generator, cancellation)).ToDictionary(m => $"training {m.Key}", m => m.Value, StringComparer.Ordinal);
        var scored = await OfModelAsync(generator, MostEvaluations, cancellation);
        foreach (var (name, value) in scored.FirstOrDefault(e => learned.Length == 0 || e.Dataset == learned)?.Metrics
            ?? new Dictionary<string, double>()) figures[$"evaluation {name}"] = value;
        return figures;
    }

    private async Task<JsonObject> DataAsync(GeneratorDefinition definition, ManifestFacts? facts, CancellationToken cancellation)
    {
        var dataset = await datasets.FindAnyAsync(definition.Dataset, cancellation);
        var versions = dataset is null ? 0 : await datasets.CountVersionsAsync(dataset, cancellation);
        return new JsonObject
        {
            ["dataset"] = definition.Dataset, ["display_name"] = dataset?.DisplayName ?? NotStored,
            ["version"] = dataset is { Number: > 0 } ? $"{dataset.Number} of {versions}" : NotStored,
            ["sha256"] = definition.Training.Data.Object.Sha256, ["fingerprint"] = GeneratorConfig.DataFingerprint(definition),
            ["rows_learned"] = facts is null ? NotStored : facts.TrainingRows,
            ["marked_columns"] = dataset is null ? NotStored
                : dataset.Sensitivity.Count == 0 ? None
                : string.Join(", ", dataset.Sensitivity.Select(m => $"{m.Key}: {m.Value}")),
        };
    }

    private static JsonObject Configuration(GeneratorDefinition definition)
    {
        var config = new JsonObject { ["fingerprint"] = GeneratorConfig.Fingerprint(definition) };
        foreach (var (name, value) in GeneratorConfig.Of(definition)) config[name] = value;
        return config;
    }

    private static JsonObject Privacy(GeneratorSnapshot generator) => generator.IsDeclared
        ? new JsonObject { ["guaranteed"] = false, ["no_data"] = PrivacyMapping.NoData }
        : Privacy(generator.Accountant);

    private static JsonObject Privacy(AccountantSnapshot accountant) => accountant.Statement is { } statement
        ? new JsonObject
        {
            ["guaranteed"] = statement.Guaranteed, ["epsilon"] = statement.Epsilon, ["delta"] = statement.Delta, ["unit"] = statement.Unit,
            ["max_rows_per_unit"] = statement.MaxRowsPerUnit, ["neighbouring"] = statement.Neighbouring, ["outside_of_the_promise"] = string.Join("; ", statement.Outside),
            ["releases"] = accountant.Releases.Count,
        }
        : new JsonObject { ["guaranteed"] = false, ["epsilon"] = None, ["releases"] = accountant.Releases.Count };

    /// <summary>What the signer of an imported model says of it, under names that say so.</summary>
    private static JsonObject Origin(PackageOrigin origin) => new()
    {
        ["signed_by"] = origin.Signer.Length > 0 ? origin.Signer : "nobody", ["key"] = origin.KeyId.Length > 0 ? origin.KeyId : None, ["deployment"] = origin.Deployment,
        ["generator_there"] = origin.Generator, ["signed"] = origin.SignTime is { } time ? Time(time) : NotStored,
        ["received_there_from"] = origin.ReceivedFrom.Length > 0 ? origin.ReceivedFrom : None,
        ["privacy_claimed_by_its_signer"] = origin.Claim is { } claim
            ? string.Create(CultureInfo.InvariantCulture, $"epsilon {claim.Epsilon:G6} at delta {claim.Delta:G3}, for one {claim.Unit}; not accounted for by this server")
            : None,
    };

    private static JsonObject Figures(IReadOnlyDictionary<string, double> metrics, string withoutAny)
    {
        if (metrics.Count == 0) return new JsonObject { ["all"] = withoutAny };
        var figures = new JsonObject();
        foreach (var (name, value) in metrics.OrderBy(m => m.Key, StringComparer.Ordinal)) figures[name] = double.IsFinite(value) ? value : NotMeasured;
        return figures;
    }

    private static JsonObject Evaluations(IReadOnlyList<EvaluationRecord> scored)
    {
        if (scored.Count == 0) return new JsonObject { ["all"] = NotMeasured };
        var all = new JsonObject();
        foreach (var evaluation in scored)
        {
            all[$"{ResourceName.Id(evaluation.Name)}: compared_with"] = evaluation.Dataset;
            foreach (var (name, value) in evaluation.Metrics.OrderBy(m => m.Key, StringComparer.Ordinal))
                all[$"{ResourceName.Id(evaluation.Name)}: {name}"] = double.IsFinite(value) ? value : NotMeasured;
        }

        return all;
    }

    /// <summary>The newest reports on rows drawn from the model that the generator has now.</summary>
    private async Task<IReadOnlyList<EvaluationRecord>> OfModelAsync(GeneratorSnapshot generator, int most, CancellationToken cancellation) =>
        generator.Model is { } model ? await evaluations.ListOfModelAsync(generator.Name, model.Sha256, most, cancellation) : [];

    private static string Time(DateTimeOffset time) => time.ToString("u", CultureInfo.InvariantCulture);
}
