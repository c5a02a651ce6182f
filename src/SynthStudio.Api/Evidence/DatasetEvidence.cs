using System.Text.Json;
using SynthStudio.Api.Services;
using SynthStudio.Catalog;
using SynthStudio.Evidence.Facts;
using SynthStudio.Storage;

namespace SynthStudio.Api.Evidence;

/// <summary>Reads what is stored of real tables and persons in them.</summary>
internal sealed class DatasetEvidence(ColumnSensitivities sensitivities, PrivacyLedger ledger, ObjectTexts texts)
{
    public async Task<DatasetFacts> ReadAsync(DatasetRecord dataset, IEnumerable<AnalysisRecord> analyses, CancellationToken cancellation)
    {
        var columns = await sensitivities.ReadAsync(dataset, cancellation);
        var counts = new List<AnonymityFacts>();
        foreach (var analysis in analyses.Where(a => a is { Earlier.Length: 0, State: ArtifactState.Ready, Result: not null }))
            counts.Add(await CountAsync(analysis, cancellation));
        return new DatasetFacts
        {
            Source = new FactSource(dataset.Name, dataset.CreateTime, dataset.Object?.Sha256),
            DisplayName = dataset.DisplayName,
            State = dataset.PurgeTime is null ? dataset.State.ToString() : Labels.Deleted,
            IsWithheld = dataset.Withheld,
            Rows = dataset.Withheld ? null : dataset.RowCount,
            PreviousVersion = dataset.PreviousVersion,
            IsEncrypted = dataset.Object is { } bytes ? ObjectKeys.IsEncrypted(bytes) : null,
            IsExamined = dataset is { Withheld: false, Profile: not null },
            Columns =
            [
                .. columns
                    .Where(c => c.Findings.Count > 0 || c.Mark != V1.Sensitivity.Unspecified
                        || c.Proposed is not (V1.Sensitivity.Unspecified or V1.Sensitivity.None))
                    .Select(c => new ColumnFacts(
                        c.Column,
                        c.Findings.GroupBy(f => f.Kind, StringComparer.Ordinal)
                            .ToDictionary(g => g.Key, g => FindingGuard.Confidence(g.Max(f => f.Confidence))),
                        c.Proposed.ToString(), c.Mark.ToString())),
            ],
            Anonymity = counts,
            Budgets =
            [
                .. (await ledger.GetBudgetAsync(dataset.Name, cancellation)).Populations.Select(p => new BudgetFacts(
                    p.Name, p.Budget?.Epsilon, p.Budget?.Delta, double.IsFinite(p.SpentEpsilon) ? p.SpentEpsilon : null, p.PrivateReleases,
                    p.NonPrivateReleases, p.Sequence)),
            ],
        };
    }

    /// <summary>Whether there are small groups, and no figures of them: those are for whom the data policy names.</summary>
    private async Task<AnonymityFacts> CountAsync(AnalysisRecord analysis, CancellationToken cancellation)
    {
        using var result = JsonDocument.Parse(await texts.ReadAsync(analysis.Result!, cancellation));
        var sets = result.RootElement.GetProperty("sets").EnumerateArray().ToList();
        return new AnonymityFacts(
            new FactSource(analysis.Name, analysis.UpdateTime, analysis.Result!.Sha256), result.RootElement.GetProperty("counted").GetInt32(), analysis.MostColumns,
            sets.Any(s => s.GetProperty("unique_rows").GetInt64() > 0), sets.Any(s => s.GetProperty("rows_below_five").GetInt64() > 0));
    }
}
