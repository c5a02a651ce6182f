using SynthStudio.Evidence.Facts;

namespace SynthStudio.Evidence.Queries;

/// <summary>How long things are kept, and what was removed.</summary>
public static class LifecycleQueries
{
    private static readonly (string Kind, string Words)[] Kinds =
    [
        ("datasets", "real tables"), ("generators", "generators"), ("synthetic_datasets", "synthetic data"), ("evaluations", "evaluations"), ("evidence_packs", "evidence packs"),
    ];

    public static FactQuery Retention { get; } = new("retention", "Is it decided how long things are kept?", facts =>
    {
        var days = facts.Retention.Days;
        var found = Kinds.Where(k => days.ContainsKey(k.Kind))
            .Select(k => new Fact($"{Capital(k.Words)} are kept for {Wording.Number(days[k.Kind])} days since their last change, then removed by the service.", facts.Retention.Source)).ToList();
        if (!days.ContainsKey("datasets")) return new Answer(found.Count > 0 ? Outcome.Partly : Outcome.Gap, found, "Real tables are kept until somebody deletes them: no time is set.");
        var open = Kinds.Where(k => !days.ContainsKey(k.Kind)).Select(k => k.Words).ToList();
        return open.Count == 0 ? Answer.Supports(found) : Answer.Partly($"No time is set for {string.Join(", ", open)}.", found);
    });

    public static FactQuery RetentionKept { get; } = new("retention-kept", "Is anything kept beyond its time?", facts =>
    {
        var plan = facts.Retention;
        if (plan.Days.Count == 0) return Answer.NotApplicable("No time is set that anything could be kept beyond.");
        List<Fact> found = [.. plan.KeptThoughOver.Select(k => new Fact($"{k.Key} is kept although its time is over: {k.Value}", plan.Source))];
        if (plan.Overdue.Count > 0) return Answer.Partly($"The time of {Wording.List(plan.Overdue)} is over; the service removes {(plan.Overdue.Count == 1 ? "it" : "them")} at its next round.", found);
        return plan.KeptThoughOver.Count > 0
            ? Answer.Partly("Something outlives its time because something else is made of it.", found)
            : Answer.Supports(new Fact("Nothing is kept beyond its time.", plan.Source));
    });

    public static FactQuery Deletions { get; } = new("deletions", "Are deletions on record?", facts =>
    {
        var trail = facts.Trail;
        if (trail.Deletions == 0) return Answer.NotMeasured("The trail holds no deletion: nothing was deleted so far, so nothing shows how it is done.");
        var noted = new Fact(
            $"{Wording.Count(trail.Deletions, "deletion or removal", "deletions and removals")} in the trail, {trail.RemovedByRetention} by the service itself (the retention, or the time in which something deleted "
            + "could be brought back was over); the newest entries can be listed with their resources.", trail.Source);
        var hidden = facts.Deleted.ToList();
        return hidden.Count == 0 ? Answer.Supports(noted) : Answer.Supports(
            noted, new Fact($"Deleted, and stored until the time to bring it back is over: {Wording.List(hidden)}.", new FactSource(facts.Project)));
    });

    public static FactQuery Removal { get; } = new("removal", "How does the project go when it is deleted?", facts => Answer.Supports(new Fact(
        $"A deleted project is hidden at once and can be brought back for {Wording.Time(facts.Installation.ProjectGrace)}; then its rows, models and reports are removed, and its keys with them.",
        InstallationFacts.Source)), IsInventory: true);

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
