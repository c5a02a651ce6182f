using SynthStudio.Catalog;

namespace SynthStudio.Api.Lifecycle;

/// <summary>Something whose time is over.</summary>
/// <param name="Name">Resource name.</param>
/// <param name="UpdateTime">When it was last changed.</param>
/// <param name="KeptBecause">Why it stays; empty for what goes.</param>
internal sealed record AgedItem(string Name, DateTimeOffset UpdateTime, string KeptBecause = "");

/// <summary>
/// What a retention removes from a project for good, whether it was deleted before or not: first what nothing is made of. A pure
/// function of contents, policy and time.
/// </summary>
/// <param name="Removed">What goes, in order.</param>
/// <param name="Kept">What is kept although its time is over.</param>
internal sealed record RetentionPlan(IReadOnlyList<AgedItem> Removed, IReadOnlyList<AgedItem> Kept)
{
    public static RetentionPlan Make(ProjectContents contents, RetentionPolicy policy, DateTimeOffset now)
    {
        var neededBy = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (needed, by) in contents.Ties) neededBy.TryAdd(needed, by);
        var (removed, kept) = (new List<AgedItem>(), new List<AgedItem>());
        Choose(contents.EvidencePacks.Select(StoredItem.Of), policy.EvidencePacks);
        Choose(contents.Evaluations.Select(StoredItem.Of), policy.Evaluations);
        Choose(contents.SyntheticDatasets.Select(StoredItem.Of), policy.SyntheticDatasets);
        Choose(contents.Generators.Select(StoredItem.Of), policy.Generators);
        Choose(contents.Datasets.Select(StoredItem.Of), policy.Datasets);
        return new RetentionPlan(removed, kept);

        void Choose(IEnumerable<StoredItem> items, TimeSpan? keep)
        {
            foreach (var item in items)
            {
                var isOver = keep is { } time && now - item.UpdateTime >= time;
                var reason = item.IsBusy ? "It is being made." : neededBy.TryGetValue(item.Name, out var user) ? $"{user} needs it." : "";
                if (isOver && reason.Length == 0)
                {
                    removed.Add(new AgedItem(item.Name, item.UpdateTime));
                    continue;
                }

                if (isOver) kept.Add(new AgedItem(item.Name, item.UpdateTime, reason));
                foreach (var part in item.MadeOf.Where(part => part.Length > 0)) neededBy.TryAdd(part, item.Name);
            }
        }
    }
}
