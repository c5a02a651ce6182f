using SynthStudio.Api.Lifecycle;
using SynthStudio.Api.Registry;
using SynthStudio.Catalog;
using SynthStudio.Evidence;
using SynthStudio.Evidence.Facts;

namespace SynthStudio.Api.Evidence;

/// <summary>
/// Reads what is stored of a project as facts. It decides nothing: what they say about controls is up to <c>SynthStudio.Evidence</c>.
/// </summary>
internal sealed class EvidenceCollector(
    ProjectContentsReader contents, DatasetEvidence datasets, ModelEvidence models, EvaluationEvidence evaluations, TrailEvidence trail,
    SettingsEvidence settings, OutsideEvidence outside, TrainingOfModel trainings, TimeProvider time)
{
    /// <summary>Reports and cards that are attached, at most: of the newest generators with a model, and the newest evaluations.</summary>
    private const int MostAttached = 5;

    /// <param name="project">The project.</param>
    /// <param name="subject">A generator or synthetic data set of it, in full; empty for the whole project.</param>
    /// <param name="cancellation">Stops reading.</param>
    /// <returns>Facts; what is attached; and of what reports and cards are not, as there are newer ones.</returns>
    public async Task<(ProjectFacts Facts, IReadOnlyList<Attachment> Attachments, IReadOnlyList<FactSource> NotAttached)> CollectAsync(
        ProjectRecord project, string subject, CancellationToken cancellation)
    {
        var all = await contents.ReadAsync(project.Name, cancellation);
        var (scope, now) = (EvidenceScope.Of(all, subject), Services.Clock.Now(time));
        var tables = new List<DatasetFacts>();
        foreach (var dataset in scope.Datasets)
            tables.Add(await datasets.ReadAsync(dataset, scope.Analyses.Where(a => a.Dataset == dataset.Name), cancellation));

        var (generators, cards) = (new List<GeneratorFacts>(), new List<Attachment>());
        var attached = scope.Generators
            .Where(g => g.Model is not null)
            .OrderByDescending(g => g.UpdateTime)
            .Take(MostAttached)
            .Select(g => g.Name)
            .ToHashSet(StringComparer.Ordinal);
        foreach (var generator in scope.Generators)
        {
            var (read, attachments) = await models.ReadAsync(generator, attached.Contains(generator.Name), cancellation);
            generators.Add(read);
            cards.AddRange(attachments);
        }

        var reports = await ReportsAsync(scope, cancellation);
        var facts = new ProjectFacts
        {
            Project = project.Name,
            Subject = subject,
            AsOf = now,
            ProjectCreated = project.CreateTime,
            ServerVersion = Services.ServerService.Version,
            Access = await settings.AccessAsync(project, cancellation),
            Retention = SettingsEvidence.Retention(project, all, now),
            Datasets = tables,
            Generators = generators,
            SyntheticDatasets =
            [
                .. scope.SyntheticDatasets.Select(s => new SyntheticFacts(
                    new FactSource(s.Name, s.UpdateTime, s.Parts is [var only] ? only.Object.Sha256 : null),
                    s.DisplayName, s.PurgeTime is null ? s.State.ToString() : Labels.Deleted, s.Generator, ModelOf(s), s.Rows)),
            ],
            Evaluations = [.. reports.Select(r => r.Facts)],
            Trail = await trail.ReadAsync(project.Name, cancellation),
            Receivers = await settings.ReceiversAsync(project.Name, cancellation),
            Connections = await outside.ConnectionsAsync(
                project.Name,
                name => subject.Length == 0 || scope.Datasets.Any(d => d.Name == name) || scope.SyntheticDatasets.Any(s => s.Name == name),
                cancellation),
            Consents = await outside.ConsentsAsync(scope.Datasets.Select(d => d.Name), cancellation),
            Installation = settings.Installation(),
        };
        var newest = reports.OrderByDescending(r => r.Facts.Source.Time).ToList();
        return (
            facts, [.. cards, .. newest.Take(MostAttached).Select(r => r.Attachment)],
            [
                .. generators.Where(g => g.ModelSha256 is not null && !attached.Contains(g.Source.Resource)).Select(g => g.Source),
                .. newest.Skip(MostAttached).Select(r => r.Facts.Source),
            ]);
    }

    /// <summary>What evaluations measured, and trainings beside the rows that they held back.</summary>
    private async Task<List<(EvaluationFacts Facts, Attachment Attachment)>> ReportsAsync(
        ProjectContents scope, CancellationToken cancellation)
    {
        var reports = new List<(EvaluationFacts Facts, Attachment Attachment)>();
        foreach (var evaluation in scope.Evaluations.Where(e => e is { State: ArtifactState.Ready, Report: not null }))
        {
            var source = new FactSource(evaluation.Name, evaluation.UpdateTime, evaluation.Report!.Sha256);
            var drawn = scope.SyntheticDatasets.FirstOrDefault(s => s.Name == evaluation.SyntheticDataset);
            reports.Add(await evaluations.ReadAsync(
                source, evaluation.Report, evaluation.Dataset,
                new ScoredRows(evaluation.SyntheticDataset, drawn?.Generator ?? "", drawn is null ? null : ModelOf(drawn)), cancellation));
        }

        foreach (var generator in scope.Generators)
        {
            if (await trainings.FindAsync(generator, cancellation) is not { } training
                || training.Result!.Artifacts.GetValueOrDefault("report") is not { } report) continue;
            var source = new FactSource($"{generator.Name}/report", training.EndTime, report.Sha256);
            reports.Add(await evaluations.ReadAsync(
                source, report, generator.Definition.Dataset,
                new ScoredRows(generator.Name, generator.Name, generator.Model!.Sha256), cancellation));
        }

        return reports;
    }

    private static string? ModelOf(SyntheticDatasetRecord drawn) => drawn.ModelSha256 is { Length: > 0 } model ? model : null;
}
