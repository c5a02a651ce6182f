using SynthStudio.Evidence.Facts;

namespace SynthStudio.Evidence.Queries;

/// <summary>What the audit trail holds, and whether it is what was written.</summary>
public static class TrailQueries
{
    /// <summary>Calls by which people and programs become members, change their role, or leave.</summary>
    private static readonly string[] OfMembers =
    [
        "ProjectService/SetProjectMember", "ProjectService/DeleteProjectMember", "ProjectService/TransferProject", "InvitationService/AcceptInvitation", "AccountService/CompleteRegistration",
        "ServiceAccountService/CreateServiceAccount", "ServiceAccountService/DeleteServiceAccount", "AccountService/EraseAccount",
    ];

    public static FactQuery Sound { get; } = new("trail-sound", "Is the audit trail what was written?", facts =>
    {
        var trail = facts.Trail;
        if (trail.Entries == 0) return Answer.NotMeasured("The trail is empty.");
        var read = new Fact($"{Wording.Count(trail.Entries, "line")} were read again with their hashes when this was made; signed ends up to line {trail.AnchoredSequence} are kept outside the database.", trail.Source);
        if (!trail.IsSound) return Answer.Gapped($"The trail is not what was written: {Wording.List(trail.Faults)}", read);
        if (trail.Restores.Count > 0) return Answer.Partly($"Lines are lost with databases that were put back to an older state: {Wording.List(trail.Restores)}", read);
        return trail.AnchoredSequence == 0
            ? Answer.Partly("No end is kept outside the database yet: what is there could be cut off unnoticed.", read)
            : Answer.Supports(read, new Fact("No line was changed, dropped or moved.", trail.Source));
    });

    public static FactQuery RealDataReads { get; } = new("real-data-reads", "Is it on record who was told of real rows?", facts =>
    {
        var trail = facts.Trail;
        if (trail.RealDataReads == 0) return Answer.NotMeasured("The trail holds no call that tells of real rows: none was made so far.");
        var kinds = trail.Done.Where(d => trail.OfRealData.Contains(d.Key)).OrderByDescending(d => d.Value).ThenBy(d => d.Key, StringComparer.Ordinal);
        return Answer.Supports(new Fact(
            $"{Wording.Count(trail.RealDataReads, "call")} told of real rows (previews, downloads, exports, profiles, reports beside them, models, looks of the assistant): {Wording.List(kinds.Select(k => $"{Wording.Id(k.Key)} {k.Value}"))}. Each is there with who and when, and from where for all but exports, which the server carries out later for who asked.",
            trail.Source));
    });

    public static FactQuery Changes { get; } = new("changes", "Is it on record who changed what?", facts =>
    {
        var changes = facts.Trail.Done.Where(d => !facts.Trail.OfRealData.Contains(d.Key) && !d.Key.StartsWith("PrivacyLedger/", StringComparison.Ordinal)
            && !d.Key.StartsWith(TrailFacts.AssistantLook, StringComparison.Ordinal)).ToList();
        var unended = facts.Trail.Unended;
        if (changes.Count == 0 && unended == 0) return Answer.NotMeasured("The trail holds no change.");
        var made = new Fact(
            $"{Wording.Count(changes.Sum(c => c.Value), "change")} by {Wording.Count(facts.Trail.Actors, "principal")}: {Wording.List(changes.OrderByDescending(c => c.Value).ThenBy(c => c.Key, StringComparer.Ordinal).Select(c => $"{Wording.Id(c.Key)} {c.Value}"))}.",
            facts.Trail.Source);
        return unended == 0
            ? Answer.Supports(made)
            : Answer.Partly($"Of {Wording.Count(unended, "further call")} the trail says who began what, and not how it ended: it may still run, or the server stopped, was killed or could not write its end, or the line is lost.", made);
    });

    public static FactQuery Refusals { get; } = new("refusals", "Are refused calls on record?", facts =>
    {
        var refused = facts.Trail.Refused;
        if (refused.Count == 0) return Answer.NotMeasured("No call about this project was refused so far; those of strangers are in the server's trail, for administrators.");
        return Answer.Supports(new Fact(
            $"{Wording.Count(refused.Values.Sum(), "call")} refused or failed: {Wording.List(refused.OrderByDescending(r => r.Value).ThenBy(r => r.Key, StringComparer.Ordinal).Select(r => $"{r.Key} {r.Value}"))}.", facts.Trail.Source));
    });

    public static FactQuery MemberChanges { get; } = new("member-changes", "Is it on record how members came and went?", facts =>
    {
        var count = facts.Trail.CountOf(OfMembers.Contains);
        return count > 0
            ? Answer.Supports(new Fact($"{Wording.Count(count, "change")} of members in the trail.", facts.Trail.Source))
            : Answer.Supports(new Fact($"The members are those of the project's creation on {facts.ProjectCreated:yyyy-MM-dd}: the trail holds no change of them.", facts.Trail.Source));
    });
}
