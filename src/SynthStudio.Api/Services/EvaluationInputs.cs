using SynthStudio.Api.Authorization;
using SynthStudio.Api.Errors;
using SynthStudio.Api.Uploads;
using SynthStudio.Catalog;
using SynthStudio.Storage;

namespace SynthStudio.Api.Services;

/// <summary>Collects the tables of an evaluation. All are read by the schema of the training table, so that the same columns mean the same.</summary>
internal sealed class EvaluationInputs(DatasetStore datasets, SyntheticDatasetStore synthetics, GeneratorIndex generators, IObjectStore objects)
{
    /// <summary>Refuses an evaluation whose tables are not all there and ready.</summary>
    public async Task CheckAsync(EvaluationRecord evaluation, CancellationToken cancellation)
    {
        await FindReadyAsync(evaluation.Dataset, cancellation);
        if (evaluation.Holdout.Length > 0) await FindReadyAsync(evaluation.Holdout, cancellation);
        if (ResourcePattern.Dataset.Matches(evaluation.SyntheticDataset)) await FindReadyAsync(evaluation.SyntheticDataset, cancellation);
        else await FindDrawnAsync(evaluation.SyntheticDataset, cancellation);
    }

    /// <summary>What the evaluation's job is to do.</summary>
    public async Task<EvaluationSpec> SpecAsync(EvaluationRecord evaluation, CancellationToken cancellation)
    {
        var train = await FindReadyAsync(evaluation.Dataset, cancellation);
        return new EvaluationSpec
        {
            Train = DatasetReader.Input(train),
            Holdout = evaluation.Holdout.Length > 0 ? await InputAsync(evaluation.Holdout, train.SchemaJson, cancellation) : null,
            Synthetic = ResourcePattern.Dataset.Matches(evaluation.SyntheticDataset)
                ? await InputAsync(evaluation.SyntheticDataset, train.SchemaJson, cancellation)
                : await DrawnAsync(evaluation.SyntheticDataset, train.SchemaJson, cancellation),
            Seed = evaluation.Seed,
            Settings = evaluation.Settings,
            Generator = ResourcePattern.Dataset.Matches(evaluation.SyntheticDataset) ? null : await GeneratorAsync(evaluation.SyntheticDataset, cancellation),
        };
    }

    /// <summary>The generator that drew the rows; null when it is gone or has learned anew since, so that its model is another one.</summary>
    private async Task<EvaluatedGenerator?> GeneratorAsync(string name, CancellationToken cancellation)
    {
        var synthetic = await FindDrawnAsync(name, cancellation);
        return await generators.FindAsync(synthetic.Generator, cancellation) is { Model: { } model } generator
            && generator.Training?.EndTime <= synthetic.CreateTime
            ? new EvaluatedGenerator(generator.Definition.Training.Method, model.Sha256)
            : null;
    }

    private async Task<DataInput> InputAsync(string name, string schemaJson, CancellationToken cancellation) =>
        DatasetReader.Input(await FindReadyAsync(name, cancellation)) with { SchemaJson = schemaJson };

    /// <summary>Drawn rows as one stored file. Storing the same rows again gives the same object.</summary>
    private async Task<DataInput> DrawnAsync(string name, string schemaJson, CancellationToken cancellation)
    {
        var synthetic = await FindDrawnAsync(name, cancellation);
        await using var whole = new ConcatenatedStream(objects, [.. synthetic.Parts.OrderBy(p => p.Number).Select(p => p.Object)]);
        return new DataInput(await objects.PutAsync(whole, MediaTypes.Csv, cancellation), "synthetic.csv", schemaJson);
    }

    private async Task<DatasetRecord> FindReadyAsync(string name, CancellationToken cancellation)
    {
        var dataset = await datasets.FindAsync(name, cancellation) ?? throw ApiErrors.NotFound(name);
        return dataset.State == DatasetState.Ready ? dataset : throw NotReady(name, dataset.State);
    }

    private async Task<SyntheticDatasetRecord> FindDrawnAsync(string name, CancellationToken cancellation)
    {
        var synthetic = await synthetics.FindAsync(name, cancellation) ?? throw ApiErrors.NotFound(name);
        return synthetic.State == ArtifactState.Ready ? synthetic : throw NotReady(name, synthetic.State);
    }

    private static RpcException NotReady<T>(string name, T state) where T : struct, Enum => ApiErrors.Precondition(
        ErrorReasons.StateForbids, name, $"{name} is not ready: it is {state.ToString().ToLowerInvariant()}.");
}
