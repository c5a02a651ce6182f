using System.Text.Json.Nodes;
using SynthStudio.Api.Privacy;
using SynthStudio.Api.Registry;
using SynthStudio.Api.Services;
using SynthStudio.Catalog;
using SynthStudio.Evidence;
using SynthStudio.Evidence.Facts;

namespace SynthStudio.Api.Evidence;

/// <summary>Reads what is stored of generators: facts, and their privacy reports and model cards to be attached.</summary>
internal sealed class ModelEvidence(
    PrivacyReports reports, ModelCards cards, PackageManifests manifests, ColumnSensitivities sensitivities, DatasetStore datasets)
{
    private const double LowFalsePositives = .01;

    /// <param name="generator">The generator.</param>
    /// <param name="attach">Whether its report and card are attached.</param>
    /// <param name="cancellation">Stops reading.</param>
    public async Task<(GeneratorFacts Facts, IReadOnlyList<Attachment> Attachments)> ReadAsync(
        GeneratorSnapshot generator, bool attach, CancellationToken cancellation)
    {
        var definition = generator.Definition;
        var source = new FactSource(generator.Name, generator.UpdateTime, generator.Model?.Sha256);
        var report = generator.Model is null || generator.Origin is not null
            ? null
            : JsonNode.Parse((await reports.WriteAsync(generator, cancellation)).Json)!.AsObject();
        var facts = new GeneratorFacts
        {
            Source = source,
            DisplayName = definition.DisplayName,
            State = generator.PurgeTime is null ? generator.State.ToString() : Labels.Deleted,
            Dataset = definition.Dataset,
            Method = definition.Training.Method,
            ModelSha256 = generator.Model?.Sha256,
            CodeVersion = generator.Model is { } model
                && await manifests.ReadAsync(model, cancellation) is { CodeVersion.Length: > 0 } package ? package.CodeVersion : null,
            ConfigFingerprint = GeneratorConfig.Fingerprint(definition),
            Promise = generator.Accountant.Statement is { Guaranteed: true } statement ? Promise(statement, report) : null,
            IsDeclared = generator.IsDeclared,
            LearnedIdentifiers = generator.IsDeclared ? []
                : generator.Origin is null && await datasets.FindAnyAsync(definition.Dataset, cancellation) is { } dataset
                ? [.. (await sensitivities.ListLearnedAsync(definition, dataset, cancellation)).Where(IsIdentifier).Select(c => c.Column)]
                : null,
            Origin = generator.Origin is { } origin
                ? new OriginFacts(origin.Deployment, origin.Generator, origin.Signer, origin.KeyId, origin.Claim?.Epsilon)
                : null,
        };
        if (!attach) return (facts, []);
        var card = await cards.MakeAsync(generator, cancellation);
        var attachedCard = new Attachment($"Model card of {generator.Name}", source, ModelCardText.Blocks(card), card);
        if (report is null) return (facts, [attachedCard]);
        var content = report.DeepClone().AsObject();
        content.Remove("declared"); // May name categories.
        return (facts, [new Attachment($"Privacy report of {generator.Name}", source, PrivacyReportPage.Blocks(report), content), attachedCard]);
    }

    private static bool IsIdentifier(V1.ColumnSensitivity column) =>
        column.Mark == V1.Sensitivity.DirectIdentifier || column is { Mark: V1.Sensitivity.Unspecified, Proposed: V1.Sensitivity.DirectIdentifier };

    private static PromiseFacts Promise(PrivacyStatement statement, JsonObject? report) => new(
        statement.Epsilon, statement.Delta, statement.Unit, statement.MaxRowsPerUnit, statement.Neighbouring, report?["accountant"]?.GetValue<string>(),
        report?["attacker"]?.AsArray().FirstOrDefault(a => a!["false_positive_rate"]!.GetValue<double>() == LowFalsePositives)?["true_positive_rate"]?.GetValue<double>(), statement.Outside);
}
