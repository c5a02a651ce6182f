using Google.Protobuf.WellKnownTypes;
using SynthStudio.Api.Authorization;
using SynthStudio.Api.Errors;
using SynthStudio.Api.Mapping;
using SynthStudio.Api.Privacy;
using SynthStudio.Api.Registry;
using SynthStudio.Catalog;

namespace SynthStudio.Api.Services;

/// <summary>From what a client wants of a generator to its definition, with every field checked.</summary>
internal sealed class GeneratorDefinitions(
    DatasetStore datasets, MethodChoice methods, DeclaredGenerators declared, MemoryNeeds memory, CopyingMethods copying,
    PrivacyTermsReader terms, GeneratorNames names, IGrainFactory grains)
{
    private const string TermsField = "generator.privacy_terms", DatasetField = "generator.dataset", MethodField = "generator.method", StartField = "generator.start_from";

    private static readonly string[] Accelerators = ["any", "cpu", "cuda"];

    /// <summary>The definition of a new generator.</summary>
    public async Task<GeneratorDefinition> NewAsync(V1.Generator wanted, string project, string creator, CancellationToken cancellation)
    {
        if (await declared.IsOneAsync(wanted.Method, cancellation)) return await NewDeclaredAsync(wanted, creator, cancellation);
        var dataset = await FindReadyDatasetAsync(wanted.Dataset, project, cancellation);
        var privacy = await terms.ReadAsync(wanted.PrivacyTerms, dataset, TermsField, cancellation);
        DemandPromise(dataset, privacy);
        var method = await methods.ResolveAsync(wanted.Method, wanted.Options, privacy is not null, cancellation);
        await copying.RefuseAsync(method, dataset.Name, cancellation);
        return new GeneratorDefinition
        {
            Dataset = dataset.Name,
            DisplayName = Check.DisplayName(wanted.DisplayName, "generator.display_name"),
            Creator = creator,
            Requirements = new WorkRequirements(
                Accelerator(wanted.Accelerator), await memory.OfTrainingAsync(dataset, method, privacy is not null, cancellation),
                AcceleratorMemory(wanted.AcceleratorMemoryBytes)),
            Training = HoldBack(wanted.HoldBack, new TrainingSpec
            {
                Data = privacy is null ? DatasetReader.Input(dataset) : DatasetReader.DeclaredInput(dataset),
                Method = method,
                Start = await FindStartAsync(wanted.StartFrom, project, method, privacy, cancellation),
                Privacy = privacy,
                Options = wanted.Options.ToDictionary(StringComparer.Ordinal),
                MaxTime = MaxTime(wanted.MaxTime),
                Seed = wanted.Seed,
            }),
        };
    }

    /// <summary>
    /// The definition of a new generator that reads no data. There is nobody to promise anything to, and
    /// nothing to hold back or to start from.
    /// </summary>
    private async Task<GeneratorDefinition> NewDeclaredAsync(V1.Generator wanted, string creator, CancellationToken cancellation)
    {
        if (wanted.Dataset.Length > 0) throw ApiErrors.InvalidField(DatasetField, $"must be empty: {wanted.Method} reads no data.");
        if (wanted.PrivacyTerms is not null) throw ApiErrors.InvalidField(TermsField, $"must be empty: {wanted.Method} reads no data, which a promise could be about.");
        if (wanted.StartFrom.Length > 0) throw ApiErrors.InvalidField(StartField, $"must be empty: {wanted.Method} learns nothing.");
        var method = await methods.ResolveAsync(wanted.Method, wanted.Options, isPrivate: false, cancellation);
        await declared.CheckAsync(wanted.Options, cancellation);
        return new GeneratorDefinition
        {
            Dataset = "",
            DisplayName = Check.DisplayName(wanted.DisplayName, "generator.display_name"),
            Creator = creator,
            Requirements = new WorkRequirements(Accelerator(wanted.Accelerator), MemoryNeeds.Worker, AcceleratorMemory(wanted.AcceleratorMemoryBytes)),
            Training = new TrainingSpec
            {
                Data = DataInput.None, Method = method, Options = wanted.Options.ToDictionary(StringComparer.Ordinal),
                MaxTime = MaxTime(wanted.MaxTime), Seed = wanted.Seed,
            },
        };
    }

    /// <summary>A definition with what an update changes.</summary>
    public async Task<GeneratorDefinition> ChangeAsync(
        GeneratorDefinition known, V1.Generator wanted, FieldMask? mask, CancellationToken cancellation)
    {
        var isNamed = mask is { Paths.Count: > 0 };
        var paths = UpdateMasks.Resolve(
            mask, "display_name", "method", "options", "max_time", "seed", "accelerator", "accelerator_memory_bytes", "privacy_terms", "hold_back",
            "start_from");
        var changed = known;
        if (Changes("display_name", wanted.DisplayName.Length > 0))
            changed = changed with { DisplayName = Check.DisplayName(wanted.DisplayName, "generator.display_name") };
        if (Changes("accelerator", wanted.Accelerator.Length > 0))
            changed = changed with { Requirements = changed.Requirements with { Accelerator = Accelerator(wanted.Accelerator) } };

        if (Changes("accelerator_memory_bytes", wanted.AcceleratorMemoryBytes != 0))
            changed = changed with { Requirements = changed.Requirements with { AcceleratorMemoryBytes = AcceleratorMemory(wanted.AcceleratorMemoryBytes) } };

        var training = known.Training;
        if (Changes("max_time", wanted.MaxTime is not null)) training = training with { MaxTime = MaxTime(wanted.MaxTime) };
        if (Changes("seed", wanted.Seed != 0)) training = training with { Seed = wanted.Seed };
        if (Changes("options", wanted.Options.Count > 0)) training = training with { Options = wanted.Options.ToDictionary(StringComparer.Ordinal) };
        if (Changes("privacy_terms", wanted.PrivacyTerms is not null) && (known.Training.ReadsData || wanted.PrivacyTerms is not null))
        {
            if (!known.Training.ReadsData) throw ApiErrors.InvalidField(TermsField, "must be empty: the generator has no data set, which a promise could be about.");
            var dataset = await FindReadyDatasetAsync(known.Dataset, ResourceName.Root(known.Dataset), cancellation);
            training = training with { Privacy = await terms.ReadAsync(wanted.PrivacyTerms, dataset, TermsField, cancellation) };
            DemandPromise(dataset, training.Privacy);
            training = training with { Data = training.Privacy is null ? DatasetReader.Input(dataset) : DatasetReader.DeclaredInput(dataset) };
        }

        var method = Changes("method", wanted.Method.Length > 0) ? wanted.Method : training.Method;
        if (method != training.Method || training.Options != known.Training.Options || training.Privacy != known.Training.Privacy)
        {
            training = training with { Method = await methods.ResolveAsync(method, training.Options, training.Privacy is not null, cancellation) };
            await copying.RefuseAsync(training.Method, known.Dataset, cancellation);
            var readsData = !await declared.IsOneAsync(training.Method, cancellation);
            if (readsData != training.ReadsData)
            {
                var conflict = readsData
                    ? "learns a data set, and the generator has none"
                    : "reads no data, and the generator has a data set";
                throw ApiErrors.InvalidField(MethodField, $"{training.Method} {conflict}: create another generator.");
            }

            if (!readsData) await declared.CheckAsync(training.Options, cancellation);
        }

        var start = Changes("start_from", wanted.StartFrom.Length > 0) ? wanted.StartFrom : training.Start?.Generator ?? "";
        if (start.Length > 0 && !known.Training.ReadsData) throw ApiErrors.InvalidField(StartField, "must be empty: the generator has no data set to learn on with.");
        if (start != (training.Start?.Generator ?? "") || training.Method != known.Training.Method || training.Privacy != known.Training.Privacy)
            training = training with { Start = await FindStartAsync(start, ResourceName.Root(known.Dataset), training.Method, training.Privacy, cancellation) };
        if (training.Method != known.Training.Method || training.Privacy != known.Training.Privacy)
        {
            var dataset = await FindReadyDatasetAsync(known.Dataset, ResourceName.Root(known.Dataset), cancellation);
            var need = await memory.OfTrainingAsync(dataset, training.Method, training.Privacy is not null, cancellation);
            changed = changed with { Requirements = changed.Requirements with { MemoryBytes = need } };
        }

        var holdBack = Changes("hold_back", wanted.HoldBack != V1.HoldBack.Unspecified) ? wanted.HoldBack : GeneratorMapping.HoldBackOf(known.Training);
        return changed with { Training = HoldBack(holdBack, training) };

        bool Changes(string path, bool isSet) => paths.Contains(path) && (isNamed || isSet);
    }

    private async Task<DatasetRecord> FindReadyDatasetAsync(string name, string project, CancellationToken cancellation)
    {
        Check.Reference(name, ResourcePattern.Dataset, project, DatasetField);
        var dataset = await datasets.FindAsync(name, cancellation) ?? throw ApiErrors.NotFound(name);
        return dataset.State == DatasetState.Ready
            ? dataset
            : throw ApiErrors.Precondition(ErrorReasons.StateForbids, name, $"{name} is not ready: it is {dataset.State.ToString().ToLowerInvariant()}.");
    }

    /// <summary>The model of a generator to learn on from, as it is now.</summary>
    private async Task<StartingModel?> FindStartAsync(string name, string project, string method, PrivacyTerms? privacy, CancellationToken cancellation)
    {
        const string field = StartField;
        if (name.Length == 0) return null;
        if (privacy is not null) throw ApiErrors.InvalidField(field, "must be empty under privacy terms: another training's model is not part of the promise.");
        name = await names.ResolveAsync(Check.Reference(name, ResourcePattern.Generator, project, field), cancellation);
        var generator = await grains.GetGrain<IGeneratorGrain>(name).GetAsync();
        if (!await methods.CanLearnOnAsync(method, cancellation)) throw ApiErrors.InvalidField(field, $"must be empty: {method} cannot start from an earlier model.");
        if (generator.Definition.Training.Method != method && generator.Definition.Training.Method != MethodChoice.Auto)
            throw ApiErrors.InvalidField(field, $"must be of the method {method}; {name} is of {generator.Definition.Training.Method}.");
        return generator.Model is { } model
            ? new StartingModel(name, model)
            : throw ApiErrors.Precondition(ErrorReasons.StateForbids, name, $"{name} has no model yet: train it first.");
    }

    /// <summary>A table of which nothing may be told is learned under a promise only.</summary>
    private static void DemandPromise(DatasetRecord dataset, PrivacyTerms? privacy)
    {
        if (dataset.Withheld && privacy is null)
        {
            throw ApiErrors.Precondition(
                ErrorReasons.Withheld, dataset.Name, $"{dataset.Name} was uploaded as withheld: it is learned under privacy terms only. Set generator.privacy_terms.");
        }
    }

    /// <summary>What is held back of a private table would have to be accounted for: nothing is.</summary>
    private static TrainingSpec HoldBack(V1.HoldBack wanted, TrainingSpec training)
    {
        if (!System.Enum.IsDefined(wanted)) throw ApiErrors.InvalidField("generator.hold_back", "must be rows and a report, rows, or nothing.");
        var holds = training is { Privacy: null, ReadsData: true } && wanted != V1.HoldBack.Nothing;
        return training with
        {
            Data = training.Data with { Split = holds ? new RowSplit(false, training.Seed) : null },
            Report = holds && wanted != V1.HoldBack.Rows,
        };
    }

    private static string Accelerator(string accelerator) => accelerator.Length == 0
        ? Accelerators[0]
        : Accelerators.Contains(accelerator)
            ? accelerator
            : throw ApiErrors.InvalidField("generator.accelerator", $"must be one of: {string.Join(", ", Accelerators)}.");

    private static long AcceleratorMemory(long bytes) =>
        bytes >= 0 ? bytes : throw ApiErrors.InvalidField("generator.accelerator_memory_bytes", "must not be negative; 0 takes a whole accelerator.");

    private static TimeSpan? MaxTime(Duration? limit)
    {
        if (limit is null) return null;
        var time = limit.ToTimeSpan();
        return time > TimeSpan.Zero ? time : throw ApiErrors.InvalidField("generator.max_time", "must be longer than nothing.");
    }
}
