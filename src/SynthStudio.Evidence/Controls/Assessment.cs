using SynthStudio.Evidence.Facts;
using SynthStudio.Evidence.Queries;

namespace SynthStudio.Evidence.Controls;

/// <summary>How far what is stored supports a control. None of these is a finding that it is met.</summary>
public enum Standing
{
    /// <summary>Every question to the facts found all it looked for, and nothing is left to people.</summary>
    Supported,

    /// <summary>Something was found; something is missing, or left to people.</summary>
    Partly,

    /// <summary>What was found speaks against it, or what had to be decided was not.</summary>
    Gap,

    /// <summary>Nothing is stored that could answer it.</summary>
    NotMeasured,

    /// <summary>There is nothing that it could be asked of.</summary>
    NotApplicable,
}

/// <summary>A query with its answer.</summary>
public sealed record Finding(FactQuery Query, Answer Answer);

/// <summary>A control with what the facts say of it.</summary>
/// <param name="Control">The control.</param>
/// <param name="Standing">How far they support it.</param>
/// <param name="Findings">The questions with their answers.</param>
public sealed record ControlAssessment(Control Control, Standing Standing, IReadOnlyList<Finding> Findings);

/// <summary>A framework with what the facts say of each control.</summary>
public sealed record FrameworkAssessment(Framework Framework, IReadOnlyList<ControlAssessment> Controls)
{
    /// <summary>Asks all queries of a framework's controls. Each is asked once.</summary>
    public static FrameworkAssessment Of(Framework framework, ProjectFacts facts)
    {
        var answers = new Dictionary<FactQuery, Answer>(ReferenceEqualityComparer.Instance);
        return new FrameworkAssessment(framework, [.. framework.Controls.Select(control =>
        {
            Finding[] findings =
            [
                .. control.Queries.Select(query =>
                    new Finding(query, answers.TryGetValue(query, out var known) ? known : answers[query] = query.Ask(facts)))
            ];
            var weighed = findings
                .Where(f => f is not { Query.IsInventory: true, Answer.Outcome: Outcome.Supports })
                .Select(f => f.Answer.Outcome);
            return new ControlAssessment(control, Judge([.. weighed], control.Open.Count > 0), findings);
        })]);
    }

    /// <summary>How many controls stand so.</summary>
    public int Count(Standing standing) => Controls.Count(c => c.Standing == standing);

    /// <summary>What several answers come to. A control of which something is left to people is supported partly at best.</summary>
    internal static Standing Judge(IReadOnlyList<Outcome> outcomes, bool isLeftToPeople)
    {
        var asked = outcomes.Where(o => o != Outcome.NotApplicable).ToList();
        if (asked.Count == 0) return outcomes.Count > 0 ? Standing.NotApplicable : Standing.NotMeasured;
        if (asked.Contains(Outcome.Supports) || asked.Contains(Outcome.Partly))
            return asked.All(o => o == Outcome.Supports) && !isLeftToPeople ? Standing.Supported : Standing.Partly;
        return asked.Contains(Outcome.Gap) ? Standing.Gap : Standing.NotMeasured;
    }
}
