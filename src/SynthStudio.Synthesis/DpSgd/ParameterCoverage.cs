using SynthStudio.Synthesis.Training;

namespace SynthStudio.Synthesis.DpSgd;

/// <summary>Every parameter that private training updates must have its gradient clipped: one that is forgotten would be trained on bare data.</summary>
internal static class ParameterCoverage
{
    /// <summary>Compares what a forward pass clipped with what the step will update.</summary>
    /// <param name="layout">All parameters.</param>
    /// <param name="group">The group that the step updates.</param>
    /// <param name="covered">Parameters behind clipped layers.</param>
    /// <exception cref="SynthesisException">The sets differ.</exception>
    public static void Demand(ParameterLayout layout, int group, IReadOnlySet<string> covered)
    {
        var updated = layout.Specs.Where(spec => spec.Group == group).Select(spec => spec.Name).ToHashSet(StringComparer.Ordinal);
        if (updated.FirstOrDefault(name => !covered.Contains(name)) is { } bare)
            throw new SynthesisException(SynthesisError.NotPrivate, $"The parameter '{bare}' is trained, but no clipped layer uses it: training stops before anything is learned.", bare);
        if (covered.FirstOrDefault(name => !updated.Contains(name)) is { } stray)
            throw new SynthesisException(SynthesisError.NotPrivate, $"The parameter '{stray}' is clipped, but does not belong to the group that the step updates.", stray);
    }
}
