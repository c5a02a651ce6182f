using SynthStudio.Catalog;

namespace SynthStudio.Api.Registry;

/// <summary>Finds the training that made a generator's model: the newest training may have made none.</summary>
internal sealed class TrainingOfModel(JobIndex jobs)
{
    private const string ModelRole = "model";

    /// <summary>The training, with its result; null without a model, for an imported one, and when its job is gone.</summary>
    public async Task<JobSnapshot?> FindAsync(GeneratorSnapshot generator, CancellationToken cancellation)
    {
        if (MadeModel(generator.Training, generator)) return generator.Training;
        // The newest training goes on, or came to nothing: the model is that of an earlier one, which the accountant names.
        foreach (var release in generator.Accountant.Releases.Reverse())
        {
            if (await jobs.FindAsync(release.Job, cancellation) is { Snapshot: var training } && MadeModel(training, generator)) return training;
        }

        return null;
    }

    /// <summary>What it measured, by name; empty where there is none.</summary>
    public async Task<IReadOnlyDictionary<string, double>> FiguresAsync(GeneratorSnapshot generator, CancellationToken cancellation) =>
        (await FindAsync(generator, cancellation))?.Result!.Metrics ?? new Dictionary<string, double>();

    private static bool MadeModel(JobSnapshot? training, GeneratorSnapshot generator) =>
        generator.Model is { } model && training?.Result?.Artifacts.GetValueOrDefault(ModelRole)?.Sha256 == model.Sha256;
}
