using SynthStudio.Catalog;

namespace SynthStudio.Api.Registry;

/// <summary>Finds what the training measured that made a generator's model: the newest training may have made none.</summary>
internal sealed class TrainingFigures(JobIndex jobs)
{
    private const string ModelRole = "model";

    /// <summary>What the training that made the model measured, by name; empty without a model, for an imported one, and when its job is gone.</summary>
    public async Task<IReadOnlyDictionary<string, double>> OfModelAsync(GeneratorSnapshot generator, CancellationToken cancellation)
    {
        if (MadeModel(generator.Training, generator)) return generator.Training!.Result!.Metrics;
        // The newest training goes on, or came to nothing: the model is that of an earlier one, which the accountant names.
        foreach (var release in generator.Accountant.Releases.Reverse())
        {
            if (await jobs.FindAsync(release.Job, cancellation) is { Snapshot: var training } && MadeModel(training, generator)) return training.Result!.Metrics;
        }

        return new Dictionary<string, double>();
    }

    private static bool MadeModel(JobSnapshot? training, GeneratorSnapshot generator) =>
        generator.Model is { } model && training?.Result?.Artifacts.GetValueOrDefault(ModelRole)?.Sha256 == model.Sha256;
}
