using Google.Protobuf.WellKnownTypes;
using SynthStudio.Api.Privacy;
using SynthStudio.Api.Services;

namespace SynthStudio.Api.Mapping;

/// <summary>Generators, from grains to the wire.</summary>
internal static class GeneratorMapping
{
    /// <summary>The generator that a definition would make. What only its grain can say is absent.</summary>
    public static V1.Generator ToPreview(this GeneratorDefinition definition, string name, DateTimeOffset now)
    {
        var preview = new GeneratorSnapshot
        {
            Name = name,
            Definition = definition,
            State = GeneratorState.Draft,
            Accountant = new AccountantSnapshot(false, []),
            CreateTime = now,
            UpdateTime = now,
        }.ToProto();
        preview.Privacy = null;
        preview.Etag = "";
        return preview;
    }

    public static V1.Generator ToProto(this GeneratorSnapshot generator)
    {
        var training = generator.Definition.Training;
        var proto = new V1.Generator
        {
            Name = generator.Name,
            DisplayName = generator.Definition.DisplayName,
            Dataset = generator.Definition.Dataset,
            Method = training.Method,
            MaxTime = training.MaxTime is { } limit ? Duration.FromTimeSpan(limit) : null,
            Seed = training.Seed,
            Accelerator = generator.Definition.Requirements.Accelerator,
            AcceleratorMemoryBytes = generator.Definition.Requirements.AcceleratorMemoryBytes,
            State = generator.State.ToProto(),
            Training = generator.Training?.ToProto(),
            Model = generator.Model is { } model ? new V1.ModelPackage { Sha256 = model.Sha256, SizeBytes = model.Size } : null,
            Privacy = generator.Accountant.ToProto(),
            PrivacyTerms = training.Privacy.ToProto(),
            HoldBack = HoldBackOf(training),
            StartFrom = training.Start?.Generator ?? "",
            Creator = generator.Definition.Creator,
            CreateTime = generator.CreateTime.ToProto(),
            UpdateTime = generator.UpdateTime.ToProto(),
            Etag = Etags.Of(generator.Version),
            DeleteTime = generator.DeleteTime?.ToProto(),
            PurgeTime = generator.PurgeTime?.ToProto(),
            Origin = generator.Origin?.ToProto(),
        };
        foreach (var (name, value) in training.Options) proto.Options[name] = value;
        if (generator.Origin is not null) proto.Privacy.Outside.Add(PrivacyMapping.Imported);
        proto.Privacy.NoData = generator.IsDeclared;
        if (generator.IsDeclared) proto.Privacy.DrawingCost = PrivacyMapping.NoData;
        return proto;
    }

    public static V1.HoldBack HoldBackOf(TrainingSpec training) =>
        training.Data.Split is null ? V1.HoldBack.Nothing : training.Report ? V1.HoldBack.AndReport : V1.HoldBack.Rows;

    private static V1.GeneratorOrigin ToProto(this PackageOrigin origin) => new()
    {
        Signer = origin.Signer,
        KeyId = origin.KeyId,
        Deployment = origin.Deployment,
        Generator = origin.Generator,
        SignTime = origin.SignTime?.ToProto(),
        ReceivedFrom = origin.ReceivedFrom,
        ClaimedPrivacy = origin.Claim is { } claim ? new AccountantSnapshot(claim.Guaranteed, []) { Statement = claim }.ToProto() : null,
    };

    private static V1.GeneratorState ToProto(this GeneratorState state) => state switch
    {
        GeneratorState.Draft => V1.GeneratorState.Draft,
        GeneratorState.Queued => V1.GeneratorState.Queued,
        GeneratorState.Starting => V1.GeneratorState.Starting,
        GeneratorState.Training => V1.GeneratorState.Training,
        GeneratorState.Paused => V1.GeneratorState.Paused,
        GeneratorState.Evaluating => V1.GeneratorState.Evaluating,
        GeneratorState.Ready => V1.GeneratorState.Ready,
        GeneratorState.Cancelling => V1.GeneratorState.Cancelling,
        GeneratorState.Cancelled => V1.GeneratorState.Cancelled,
        GeneratorState.Failed => V1.GeneratorState.Failed,
        _ => V1.GeneratorState.Unspecified,
    };
}
