using SynthStudio.Evidence.Facts;

namespace SynthStudio.Evidence.Queries;

/// <summary>A question to what is stored.</summary>
/// <param name="Id">By which programs know it, for example <c>trail-sound</c>.</param>
/// <param name="Question">In words.</param>
/// <param name="Ask">Answers it: a pure function.</param>
/// <param name="IsInventory">Whether it tells what there is, which supports nothing by itself; what it finds missing counts all the same.</param>
public sealed record FactQuery(string Id, string Question, Func<ProjectFacts, Answer> Ask, bool IsInventory = false);

/// <summary>What is stored in answer to a question.</summary>
/// <param name="Outcome">How far it supports.</param>
/// <param name="Facts">What was found, each with its source.</param>
/// <param name="Gap">What is missing, in a sentence or more; empty when nothing is.</param>
public sealed record Answer(Outcome Outcome, IReadOnlyList<Fact> Facts, string Gap = "")
{
    /// <summary>All that was looked for was found.</summary>
    public static Answer Supports(params IReadOnlyList<Fact> facts) => new(Outcome.Supports, facts);

    /// <summary>Something was found, and something is missing.</summary>
    public static Answer Partly(string gap, params IReadOnlyList<Fact> facts) => new(Outcome.Partly, facts, gap);

    /// <summary>What was found speaks against it, or what had to be decided was not.</summary>
    public static Answer Gapped(string gap, params IReadOnlyList<Fact> facts) => new(Outcome.Gap, facts, gap);

    /// <summary>Nothing is stored that could answer it.</summary>
    public static Answer NotMeasured(string gap, params IReadOnlyList<Fact> facts) => new(Outcome.NotMeasured, facts, gap);

    /// <summary>There is nothing that it could be asked of.</summary>
    public static Answer NotApplicable(string reason) => new(Outcome.NotApplicable, [], reason);

    /// <summary>Supports when nothing is missing; partly when something is and something was found; a gap else.</summary>
    public static Answer Of(IReadOnlyList<Fact> facts, IReadOnlyList<string> gaps) => gaps.Count == 0 ? Supports(facts)
        : facts.Count > 0 ? Partly(string.Join(" ", gaps), facts)
        : Gapped(string.Join(" ", gaps));
}

/// <summary>How far what is stored supports something. It is never a finding that a law is complied with.</summary>
public enum Outcome
{
    Supports,
    Partly,
    Gap,
    NotMeasured,
    NotApplicable,
}
