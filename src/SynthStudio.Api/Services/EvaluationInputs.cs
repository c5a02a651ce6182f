using SynthStudio.Api.Authorization;
using SynthStudio.Api.Errors;
using SynthStudio.Api.Registry;
using SynthStudio.Api.Uploads;
using SynthStudio.Catalog;
using SynthStudio.Storage;

namespace SynthStudio.Api.Services;

/// <summary>Collects the tables of an evaluation. All are read by the schema of the training table, so that the same columns mean the same.</summary>
internal sealed class EvaluationInputs(
    DatasetStore datasets, SyntheticDatasetStore synthetics, GeneratorIndex generators, IGrainFactory grains, IObjectStore objects)
{
    /// <summary>Refuses an evaluation whose tables are not all there and ready, or tell nothing.</summary>
    public async Task CheckAsync(EvaluationRecord evaluation, CancellationToken cancellation)
    {
        var dataset = await FindReadyAsync(evaluation.Dataset, cancellation);
        if (evaluation.Holdout.Length > 0) await FindOpenAsync(evaluation.Holdout, cancellation);
        if (ResourcePattern.Dataset.Matches(evaluation.SyntheticDataset)) await FindOpenAsync(evaluation.SyntheticDataset, cancellation);
        else await FindDrawnAsync(evaluation.SyntheticDataset, cancellation);
        if (dataset.Withheld) await DemandOwnAsync(evaluation, cancellation);
        await DemandAcceptedAsync(evaluation, cancellation);
    }

    /// <summary>
    /// A withheld table is compared with nothing but what a generator drew that learned it under privacy terms; that its
    /// report is outside of them is asked next.
    /// </summary>
    private async Task DemandOwnAsync(EvaluationRecord evaluation, CancellationToken cancellation)
    {
        if (await synthetics.FindAsync(evaluation.SyntheticDataset, cancellation) is { } synthetic
            && await GeneratorOfAsync(synthetic, cancellation) is { Accountant.Statement: not null } generator
            && generator.Definition.Dataset == evaluation.Dataset) return;
        throw ApiErrors.Precondition(
            ErrorReasons.Withheld, evaluation.Dataset,
            $"{evaluation.Dataset} was uploaded as withheld: it is evaluated beside rows of generators only that learned it under privacy terms, and with outside_guarantee set.");
    }

    /// <summary>A report on private rows is refused unless the caller knows what it is.</summary>
    private async Task DemandAcceptedAsync(EvaluationRecord evaluation, CancellationToken cancellation)
    {
        if (evaluation.OutsideGuarantee || await synthetics.FindAsync(evaluation.SyntheticDataset, cancellation) is not { } synthetic) return;
        if ((await GeneratorOfAsync(synthetic, cancellation))?.Accountant.Statement is null) return;
        throw ApiErrors.Precondition(
            ErrorReasons.OutsideGuarantee, evaluation.SyntheticDataset,
            $"{evaluation.SyntheticDataset} is differentially private, and its report would not be: it is computed from the real rows. "
            + "Set outside_guarantee to have it all the same, marked, and noted in the privacy ledger.");
    }

    /// <summary>What the evaluation's job is to do.</summary>
    public async Task<EvaluationSpec> SpecAsync(EvaluationRecord evaluation, CancellationToken cancellation)
    {
        await CheckAsync(evaluation, cancellation);
        var train = await FindReadyAsync(evaluation.Dataset, cancellation);
        var split = await SplitAsync(evaluation, cancellation);
        return new EvaluationSpec
        {
            Train = DatasetReader.Input(train) with { Split = split },
            Holdout = evaluation.Holdout.Length > 0 ? await InputAsync(evaluation.Holdout, train.SchemaJson, cancellation)
                : split is null ? null : DatasetReader.Input(train) with { Split = split with { HeldBack = true } },
            Synthetic = ResourcePattern.Dataset.Matches(evaluation.SyntheticDataset)
                ? await InputAsync(evaluation.SyntheticDataset, train.SchemaJson, cancellation)
                : await DrawnAsync(evaluation.SyntheticDataset, train.SchemaJson, cancellation),
            Seed = evaluation.Seed,
            Settings = evaluation.Settings,
            Generator = ResourcePattern.Dataset.Matches(evaluation.SyntheticDataset) ? null : await GeneratorAsync(evaluation.SyntheticDataset, cancellation),
        };
    }

    /// <summary>The most memory that the job takes, in bytes.</summary>
    public async Task<long> MemoryAsync(EvaluationRecord evaluation, CancellationToken cancellation)
    {
        var synthetic = ResourcePattern.Dataset.Matches(evaluation.SyntheticDataset)
            ? (await FindReadyAsync(evaluation.SyntheticDataset, cancellation)).RowCount ?? 0
            : (await FindDrawnAsync(evaluation.SyntheticDataset, cancellation)).Rows;
        var heldOut = evaluation.Holdout.Length > 0 ? (await FindReadyAsync(evaluation.Holdout, cancellation)).RowCount ?? 0 : 0;
        return MemoryNeeds.OfEvaluation(await FindReadyAsync(evaluation.Dataset, cancellation), synthetic + heldOut);
    }

    /// <summary>Which rows of the evaluation's table the generator learned; null for all, and for rows from elsewhere.</summary>
    private async Task<RowSplit?> SplitAsync(EvaluationRecord evaluation, CancellationToken cancellation) =>
        await synthetics.FindAsync(evaluation.SyntheticDataset, cancellation) is { } synthetic
            && await GeneratorOfAsync(synthetic, cancellation) is { Definition: var learned } && learned.Dataset == evaluation.Dataset
            ? learned.Training.Data.Split
            : null;

    /// <summary>The generator that drew the rows. Gone, it is null; one that has learned anew since has another model, which is not named.</summary>
    private async Task<EvaluatedGenerator?> GeneratorAsync(string name, CancellationToken cancellation)
    {
        var synthetic = await FindDrawnAsync(name, cancellation);
        if (await GeneratorOfAsync(synthetic, cancellation) is not { } generator) return null;
        var isOfModel = synthetic.ModelSha256.Length > 0
            ? generator.HasDrawn(synthetic)
            : generator.Origin is not null || generator.Training?.EndTime <= synthetic.CreateTime;
        var (method, model) = generator.Model is { } known && isOfModel
            ? (generator.Definition.Training.Method, known.Sha256)
            : ("", "");
        var promise = generator.Accountant.Statement;
        return new EvaluatedGenerator(method, model, promise?.Epsilon, promise?.Delta);
    }

    /// <summary>What the grain says, which the list may be behind; only whether there is one, the list must tell.</summary>
    private async Task<GeneratorSnapshot?> GeneratorOfAsync(SyntheticDatasetRecord synthetic, CancellationToken cancellation) =>
        await generators.FindAsync(synthetic.Generator, cancellation) is null
            ? null
            : await grains.GetGrain<IGeneratorGrain>(synthetic.Generator).GetAsync();

    private async Task<DataInput> InputAsync(string name, string schemaJson, CancellationToken cancellation) =>
        DatasetReader.Input(await FindOpenAsync(name, cancellation)) with { SchemaJson = schemaJson };

    /// <summary>Drawn rows as one stored file. Storing the same rows again gives the same object.</summary>
    private async Task<DataInput> DrawnAsync(string name, string schemaJson, CancellationToken cancellation)
    {
        var synthetic = await FindDrawnAsync(name, cancellation);
        await using var whole = new ConcatenatedStream(objects, [.. synthetic.Parts.OrderBy(p => p.Number).Select(p => p.Object)]);
        return new DataInput(await objects.OfProject(ResourceName.Root(name)).PutAsync(whole, MediaTypes.Csv, cancellation), "synthetic.csv", schemaJson);
    }

    private async Task<DatasetRecord> FindOpenAsync(string name, CancellationToken cancellation) =>
        await FindReadyAsync(name, cancellation) is { Withheld: false } dataset
            ? dataset
            : throw ApiErrors.Precondition(ErrorReasons.Withheld, name, $"{name} was uploaded as withheld: nothing is compared with it.");

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
