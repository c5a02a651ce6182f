using SynthStudio.Api.Authorization;
using SynthStudio.Api.Identity;
using SynthStudio.Api.Services;
using SynthStudio.Catalog;

namespace SynthStudio.Api.Mapping;

/// <summary>What the catalog holds, to the wire.</summary>
internal static class CatalogMapping
{
    public static V1.Upload ToProto(this UploadRecord upload, DatasetRecord? dataset, long committedSize) => new()
    {
        Name = upload.Name,
        FileName = upload.FileName,
        SizeBytes = upload.Size ?? 0,
        CommittedSize = committedSize,
        State = upload.State switch
        {
            UploadState.Open => V1.UploadState.Active,
            UploadState.Finished => V1.UploadState.Completed,
            _ => V1.UploadState.Abandoned,
        },
        DisplayName = dataset?.DisplayName ?? "",
        SchemaJson = dataset?.SchemaJson ?? "",
        Withheld = dataset?.Withheld ?? false,
        PreviousVersion = dataset?.PreviousVersion ?? "",
        Dataset = upload.Dataset,
        Purpose = upload.Dataset.Length > 0 ? V1.UploadPurpose.Dataset : V1.UploadPurpose.GeneratorPackage,
        CreateTime = upload.CreateTime.ToProto(),
        ExpireTime = upload.ExpireTime.ToProto(),
    };

    public static V1.Dataset ToProto(this DatasetRecord dataset) => new()
    {
        Name = dataset.Name,
        DisplayName = dataset.DisplayName,
        State = dataset.State switch
        {
            DatasetState.Empty => V1.DatasetState.Uploading,
            DatasetState.Profiling => V1.DatasetState.Profiling,
            DatasetState.Ready => V1.DatasetState.Ready,
            _ => V1.DatasetState.Failed,
        },
        Error = dataset.Error?.ToProto(),
        FileName = dataset.FileName,
        SizeBytes = dataset.Object?.Size ?? 0,
        Sha256 = dataset.Object?.Sha256 ?? "",
        RowCount = dataset.RowCount ?? 0,
        ColumnCount = dataset.ColumnCount ?? 0,
        SchemaJson = dataset.SchemaJson,
        Job = dataset.ProfileJob,
        Creator = dataset.Creator,
        CreateTime = dataset.CreateTime.ToProto(),
        UpdateTime = dataset.UpdateTime.ToProto(),
        Withheld = dataset.Withheld,
        PreviousVersion = dataset.PreviousVersion,
        Etag = Etags.Of(dataset.Version),
        DeleteTime = dataset.DeleteTime?.ToProto(),
        PurgeTime = dataset.PurgeTime?.ToProto(),
    };

    public static V1.SyntheticDataset ToProto(this SyntheticDatasetRecord synthetic)
    {
        var proto = new V1.SyntheticDataset
        {
            Name = synthetic.Name,
            DisplayName = synthetic.DisplayName,
            Generator = synthetic.Generator,
            ModelSha256 = synthetic.ModelSha256,
            Rows = synthetic.Rows,
            Seed = synthetic.Seed,
            Temperature = synthetic.Temperature,
            Terms = DrawingTermsMapping.ToProto(synthetic.Terms),
            State = synthetic.State switch
            {
                ArtifactState.Pending => V1.SyntheticDatasetState.Generating,
                ArtifactState.Ready => V1.SyntheticDatasetState.Ready,
                ArtifactState.Cancelled => V1.SyntheticDatasetState.Cancelled,
                _ => V1.SyntheticDatasetState.Failed,
            },
            Error = synthetic.Error?.ToProto(),
            Job = synthetic.Job,
            SizeBytes = synthetic.Parts.Sum(p => p.Object.Size),
            Creator = synthetic.Creator,
            CreateTime = synthetic.CreateTime.ToProto(),
            UpdateTime = synthetic.UpdateTime.ToProto(),
            Etag = Etags.Of(synthetic.Version),
            DeleteTime = synthetic.DeleteTime?.ToProto(),
            PurgeTime = synthetic.PurgeTime?.ToProto(),
        };
        foreach (var (column, value) in synthetic.Given)
        {
            if (value is null) proto.GivenMissing.Add(column);
            else proto.Given[column] = value;
        }

        return proto;
    }

    public static V1.Evaluation ToProto(this EvaluationRecord evaluation)
    {
        var proto = new V1.Evaluation
        {
            Name = evaluation.Name,
            DisplayName = evaluation.DisplayName,
            Dataset = evaluation.Dataset,
            HoldoutDataset = evaluation.Holdout,
            Seed = evaluation.Seed,
            OutsideGuarantee = evaluation.OutsideGuarantee,
            State = evaluation.State switch
            {
                ArtifactState.Pending => V1.EvaluationState.Running,
                ArtifactState.Ready => V1.EvaluationState.Ready,
                ArtifactState.Cancelled => V1.EvaluationState.Cancelled,
                _ => V1.EvaluationState.Failed,
            },
            Error = evaluation.Error?.ToProto(),
            Settings = EvaluationSettingsMapping.ToProto(evaluation.Settings),
            Job = evaluation.Job,
            Creator = evaluation.Creator,
            CreateTime = evaluation.CreateTime.ToProto(),
            UpdateTime = evaluation.UpdateTime.ToProto(),
            Etag = Etags.Of(evaluation.Version),
        };
        if (ResourcePattern.Dataset.Matches(evaluation.SyntheticDataset)) proto.SyntheticUpload = evaluation.SyntheticDataset;
        else proto.SyntheticDataset = evaluation.SyntheticDataset;
        foreach (var (name, value) in evaluation.Metrics) proto.Metrics[name] = value;
        return proto;
    }

    public static V1.User ToProto(this UserRecord user) => new()
    {
        Name = user.Name,
        DisplayName = user.DisplayName,
        Role = user.Role.ToProto(),
        CreateTime = user.CreateTime.ToProto(),
        Disabled = user.Disabled,
    };

    public static V1.UserRole ToProto(this UserRole role) => role == UserRole.Admin ? V1.UserRole.Admin : V1.UserRole.User;

    public static V1.ApiKey ToProto(this ApiKeyRecord key) => new()
    {
        Name = key.Name,
        DisplayName = key.DisplayName,
        Scope = ApiKeyScopes.Load(key).ToProto(),
        CreateTime = key.CreateTime.ToProto(),
        ExpireTime = key.ExpireTime?.ToProto(),
        LastUseTime = key.LastUseTime?.ToProto(),
        RevokeTime = key.RevokeTime?.ToProto(),
        Maker = key.Maker,
    };

    public static V1.Scope ToProto(this AccessScope scope) => scope switch
    {
        AccessScope.Read => V1.Scope.Read,
        AccessScope.Write => V1.Scope.Write,
        _ => V1.Scope.Admin,
    };
}
