using SynthStudio.Api.Authorization;
using SynthStudio.Api.Lifecycle;

namespace SynthStudio.Api.Evidence;

/// <summary>What a pack is about: all that is in a project, or one generator or synthetic data set with what it comes from and what came of it.</summary>
internal static class EvidenceScope
{
    /// <param name="all">What is in the project.</param>
    /// <param name="subject">The generator or synthetic data set; empty for the project.</param>
    public static ProjectContents Of(ProjectContents all, string subject)
    {
        if (subject.Length == 0) return all;
        var drawn = all.SyntheticDatasets.Where(s => s.Name == subject || s.Generator == subject).ToList();
        var origin = ResourcePattern.Generator.Matches(subject) ? subject : drawn.Single().Generator;
        var generators = new List<GeneratorSnapshot>();
        for (var next = Find(origin);
            next is not null && !generators.Contains(next);
            next = Find(next.Definition.Training.Start?.Generator ?? ""))
            generators.Add(next);

        var scored = all.Evaluations.Where(e => drawn.Any(s => s.Name == e.SyntheticDataset)).ToList();
        var tables = generators.Select(g => g.Definition.Dataset)
            .Concat(scored.SelectMany(e => new[] { e.Dataset, e.Holdout }))
            .ToHashSet(StringComparer.Ordinal);
        for (var more = true; more;)
            more = all.Datasets
                .Where(d => tables.Contains(d.Name) && d.PreviousVersion.Length > 0)
                .Select(d => tables.Add(d.PreviousVersion))
                .ToList()
                .Contains(true);
        return all with
        {
            Datasets = [.. all.Datasets.Where(d => tables.Contains(d.Name))], Generators = generators, SyntheticDatasets = drawn,
            Evaluations = scored, Analyses = [.. all.Analyses.Where(a => tables.Contains(a.Dataset))],
        };

        GeneratorSnapshot? Find(string name) => all.Generators.FirstOrDefault(g => g.Name == name);
    }
}
