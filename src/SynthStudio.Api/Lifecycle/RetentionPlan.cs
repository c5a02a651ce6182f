using SynthStudio.Catalog;

namespace SynthStudio.Api.Lifecycle;

/// <summary>Something whose time is over.</summary>
/// <param name="Name">Resource name.</param>
/// <param name="UpdateTime">When it was last changed.</param>
/// <param name="KeptBecause">Why it stays; empty for what goes.</param>
internal sealed record AgedItem(string Name, DateTimeOffset UpdateTime, string KeptBecause = "");

/// <summary>What a retention removes from a project: first what nothing is made of. A pure function of contents, policy and time.</summary>
/// <param name="EvidencePacks">Evidence packs to remove; nothing is made of them, and they are made of copies.</param>
/// <param name="Evaluations">Evaluations to remove.</param>
/// <param name="SyntheticDatasets">Synthetic data sets to remove after them.</param>
/// <param name="Generators">Generators to remove after them.</param>
/// <param name="Datasets">Data sets to remove in the end.</param>
/// <param name="Kept">What is kept although its time is over.</param>
internal sealed record RetentionPlan(
    IReadOnlyList<AgedItem> EvidencePacks, IReadOnlyList<AgedItem> Evaluations, IReadOnlyList<AgedItem> SyntheticDatasets, IReadOnlyList<AgedItem> Generators, IReadOnlyList<AgedItem> Datasets,
    IReadOnlyList<AgedItem> Kept)
{
    /// <summary>All that goes, in order.</summary>
    public IEnumerable<AgedItem> Removed => [.. EvidencePacks, .. Evaluations, .. SyntheticDatasets, .. Generators, .. Datasets];

    public static RetentionPlan Make(ProjectContents contents, RetentionPolicy policy, DateTimeOffset now)
    {
        var neededBy = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var alias in contents.Aliases) neededBy.TryAdd(alias.Generator, alias.Name);
        foreach (var analysis in contents.Analyses.Where(analysis => analysis.State == ArtifactState.Pending)) neededBy.TryAdd(analysis.Dataset, analysis.Name);
        var kept = new List<AgedItem>();
        return new RetentionPlan(
            Choose(contents.EvidencePacks, policy.EvidencePacks, p => (p.Name, p.CreateTime, false, [])),
            Choose(contents.Evaluations, policy.Evaluations, e => (e.Name, e.UpdateTime, e.State == ArtifactState.Pending, [e.Dataset, e.Holdout, e.SyntheticDataset])),
            Choose(contents.SyntheticDatasets, policy.SyntheticDatasets, s => (s.Name, s.UpdateTime, s.State == ArtifactState.Pending, [s.Generator])),
            Choose(contents.Generators, policy.Generators, g => (g.Name, g.UpdateTime, g.Training is { HasEnded: false }, [g.Definition.Dataset])),
            Choose(contents.Datasets, policy.Datasets, d => (d.Name, d.UpdateTime, d.State is DatasetState.Empty or DatasetState.Profiling, [])),
            kept);

        List<AgedItem> Choose<T>(
            IReadOnlyList<T> items, TimeSpan? keep, Func<T, (string Name, DateTimeOffset UpdateTime, bool IsBusy, string[] MadeOf)> read)
        {
            var removed = new List<AgedItem>();
            foreach (var (name, updateTime, isBusy, madeOf) in items.Select(read))
            {
                var isOver = keep is { } time && now - updateTime >= time;
                var reason = isBusy ? "It is being made." : neededBy.TryGetValue(name, out var user) ? $"{user} needs it." : "";
                if (isOver && reason.Length == 0)
                {
                    removed.Add(new AgedItem(name, updateTime));
                    continue;
                }

                if (isOver) kept.Add(new AgedItem(name, updateTime, reason));
                foreach (var part in madeOf.Where(part => part.Length > 0)) neededBy.TryAdd(part, name);
            }

            return removed;
        }
    }
}
