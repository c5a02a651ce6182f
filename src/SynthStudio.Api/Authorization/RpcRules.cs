using System.Collections.Frozen;
using Google.Protobuf;
using SynthStudio.Api.Identity;
using SynthStudio.V1;
using At = SynthStudio.Api.Authorization.ResourcePattern;

namespace SynthStudio.Api.Authorization;

/// <summary>The one table that says who may call what. A call that is not in it is refused; a test holds it and the protos together.</summary>
internal static class RpcRules
{
    /// <summary>What begins otherwise changes something.</summary>
    private static readonly string[] Reading =
        ["Get", "List", "Watch", "Download", "Export", "Stream", "Validate", "Recommend", "Compute", "Calibrate", "Compose", "Verify", "WhoAmI"];

    /// <summary>What tells of the rows that were learned: profiles, reports beside them, and models.</summary>
    private static readonly HashSet<string> OfRealRows = new(StringComparer.Ordinal)
    {
        "DatasetService/GetDatasetProfile", "GeneratorService/ExportGenerator", "GeneratorService/DownloadGeneratorReport",
        "EvaluationService/GetEvaluationReport", "EvaluationService/DownloadEvaluationReport",
    };

    private static readonly Dictionary<string, RpcRule> Rules = new(StringComparer.Ordinal);

    static RpcRules()
    {
        None<GetServerInfoRequest>(Audience.Public, AccessScope.Read, "ServerService/GetServerInfo");

        None<GetClusterRequest>(Audience.Admin, AccessScope.Admin, "ClusterService/GetCluster");
        None<CordonSiloRequest>(Audience.Admin, AccessScope.Admin, "ClusterService/CordonSilo");
        None<UncordonSiloRequest>(Audience.Admin, AccessScope.Admin, "ClusterService/UncordonSilo");
        None<DrainSiloRequest>(Audience.Admin, AccessScope.Admin, "ClusterService/DrainSilo");
        On<SetProjectShareRequest>(Audience.Admin, AccessScope.Admin, "ClusterService/SetProjectShare", At.Project, "project", r => r.Project);
        On<RotateProjectKeyRequest>(Audience.Admin, AccessScope.Admin, "ClusterService/RotateProjectKey", At.Project, "project", r => r.Project);

        None<CreateTokenRequest>(Audience.Public, AccessScope.Read, "IdentityService/CreateToken");
        None<WhoAmIRequest>(Audience.Authenticated, AccessScope.Read, "IdentityService/WhoAmI");
        None<CreateUserRequest>(Audience.Admin, AccessScope.Admin, "IdentityService/CreateUser");
        None<ListUsersRequest>(Audience.Admin, AccessScope.Admin, "IdentityService/ListUsers");
        Self<GetUserRequest>(AccessScope.Read, "IdentityService/GetUser", At.User, "name", r => r.Name);
        On<DeleteUserRequest>(Audience.Admin, AccessScope.Admin, "IdentityService/DeleteUser", At.User, "name", r => r.Name);
        Self<CreateApiKeyRequest>(AccessScope.Admin, "IdentityService/CreateApiKey", At.User, "parent", r => r.Parent);
        Self<ListApiKeysRequest>(AccessScope.Read, "IdentityService/ListApiKeys", At.User, "parent", r => r.Parent);
        Self<RevokeApiKeyRequest>(AccessScope.Admin, "IdentityService/RevokeApiKey", At.ApiKey, "name", r => r.Name);

        None<ListProjectsRequest>(Audience.Authenticated, AccessScope.Read, "ProjectService/ListProjects");
        None<CreateProjectRequest>(Audience.Authenticated, AccessScope.Write, "ProjectService/CreateProject");
        Viewer<GetProjectRequest>("ProjectService/GetProject", At.Project, "name", r => r.Name);
        Owner<UpdateProjectRequest>("ProjectService/UpdateProject", At.Project, "project.name", r => r.Project?.Name);
        Owner<DeleteProjectRequest>("ProjectService/DeleteProject", At.Project, "name", r => r.Name);
        Viewer<ListProjectMembersRequest>("ProjectService/ListProjectMembers", At.Project, "parent", r => r.Parent);
        Owner<SetProjectMemberRequest>("ProjectService/SetProjectMember", At.Project, "parent", r => r.Parent);
        Owner<DeleteProjectMemberRequest>("ProjectService/DeleteProjectMember", At.Member, "name", r => r.Name);

        Editor<CreateUploadRequest>("UploadService/CreateUpload", At.Project, "parent", r => r.Parent);
        Editor<GetUploadRequest>("UploadService/GetUpload", At.Upload, "name", r => r.Name);
        Editor<ListUploadsRequest>("UploadService/ListUploads", At.Project, "parent", r => r.Parent);
        Editor<WriteUploadRequest>("UploadService/WriteUpload", At.Upload, "name", r => r.Name);
        Editor<UploadChunkRequest>("UploadService/UploadChunk", At.Upload, "name", r => r.Name);
        Editor<CreateUploadLinkRequest>("UploadService/CreateUploadLink", At.Upload, "name", r => r.Name);
        Editor<CompleteUploadRequest>("UploadService/CompleteUpload", At.Upload, "name", r => r.Name);
        Editor<DeleteUploadRequest>("UploadService/DeleteUpload", At.Upload, "name", r => r.Name);

        Viewer<ListDatasetsRequest>("DatasetService/ListDatasets", At.Project, "parent", r => r.Parent);
        Viewer<GetDatasetRequest>("DatasetService/GetDataset", At.Dataset, "name", r => r.Name);
        Editor<UpdateDatasetRequest>("DatasetService/UpdateDataset", At.Dataset, "dataset.name", r => r.Dataset?.Name);
        Editor<DeleteDatasetRequest>("DatasetService/DeleteDataset", At.Dataset, "name", r => r.Name);
        Viewer<GetDatasetProfileRequest>("DatasetService/GetDatasetProfile", At.DatasetProfile, "name", r => r.Name);

        Editor<CreateGeneratorRequest>("GeneratorService/CreateGenerator", At.Project, "parent", r => r.Parent);
        Viewer<GetGeneratorRequest>("GeneratorService/GetGenerator", At.Generator, "name", r => r.Name);
        Viewer<ListGeneratorsRequest>("GeneratorService/ListGenerators", At.Project, "parent", r => r.Parent);
        Editor<UpdateGeneratorRequest>("GeneratorService/UpdateGenerator", At.Generator, "generator.name", r => r.Generator?.Name);
        Editor<DeleteGeneratorRequest>("GeneratorService/DeleteGenerator", At.Generator, "name", r => r.Name);
        Editor<TrainGeneratorRequest>("GeneratorService/TrainGenerator", At.Generator, "name", r => r.Name);
        Editor<PauseGeneratorRequest>("GeneratorService/PauseGenerator", At.Generator, "name", r => r.Name);
        Editor<ResumeGeneratorRequest>("GeneratorService/ResumeGenerator", At.Generator, "name", r => r.Name);
        Editor<CancelGeneratorTrainingRequest>("GeneratorService/CancelGeneratorTraining", At.Generator, "name", r => r.Name);
        Viewer<WatchGeneratorRequest>("GeneratorService/WatchGenerator", At.Generator, "name", r => r.Name);
        Viewer<ExportGeneratorRequest>("GeneratorService/ExportGenerator", At.Generator, "name", r => r.Name);
        Viewer<DownloadGeneratorReportRequest>("GeneratorService/DownloadGeneratorReport", At.Generator, "name", r => r.Name);

        Editor<CreateSyntheticDatasetRequest>("SyntheticDatasetService/CreateSyntheticDataset", At.Project, "parent", r => r.Parent);
        Viewer<GetSyntheticDatasetRequest>("SyntheticDatasetService/GetSyntheticDataset", At.SyntheticDataset, "name", r => r.Name);
        Viewer<ListSyntheticDatasetsRequest>("SyntheticDatasetService/ListSyntheticDatasets", At.Project, "parent", r => r.Parent);
        Editor<DeleteSyntheticDatasetRequest>("SyntheticDatasetService/DeleteSyntheticDataset", At.SyntheticDataset, "name", r => r.Name);
        Viewer<WatchSyntheticDatasetRequest>("SyntheticDatasetService/WatchSyntheticDataset", At.SyntheticDataset, "name", r => r.Name);
        Viewer<StreamRowsRequest>("SyntheticDatasetService/StreamRows", At.SyntheticDataset, "name", r => r.Name);
        Viewer<ListDownloadLinksRequest>("SyntheticDatasetService/ListDownloadLinks", At.SyntheticDataset, "name", r => r.Name);
        Viewer<DownloadSyntheticDatasetRequest>("SyntheticDatasetService/DownloadSyntheticDataset", At.SyntheticDataset, "name", r => r.Name);

        Editor<CreateEvaluationRequest>("EvaluationService/CreateEvaluation", At.Project, "parent", r => r.Parent);
        Viewer<GetEvaluationRequest>("EvaluationService/GetEvaluation", At.Evaluation, "name", r => r.Name);
        Viewer<ListEvaluationsRequest>("EvaluationService/ListEvaluations", At.Project, "parent", r => r.Parent);
        Editor<DeleteEvaluationRequest>("EvaluationService/DeleteEvaluation", At.Evaluation, "name", r => r.Name);
        Viewer<WatchEvaluationRequest>("EvaluationService/WatchEvaluation", At.Evaluation, "name", r => r.Name);
        Viewer<GetEvaluationReportRequest>("EvaluationService/GetEvaluationReport", At.EvaluationReport, "name", r => r.Name);
        Viewer<DownloadEvaluationReportRequest>("EvaluationService/DownloadEvaluationReport", At.EvaluationReport, "name", r => r.Name);

        None<ComputeEpsilonRequest>(Audience.Authenticated, AccessScope.Read, "PrivacyService/ComputeEpsilon");
        None<CalibrateNoiseRequest>(Audience.Authenticated, AccessScope.Read, "PrivacyService/CalibrateNoise");
        None<ComposeEventsRequest>(Audience.Authenticated, AccessScope.Read, "PrivacyService/ComposeEvents");
        Viewer<GetPrivacyBudgetRequest>("PrivacyService/GetPrivacyBudget", At.PrivacyBudget, "name", r => r.Name);
        Owner<SetPrivacyBudgetRequest>("PrivacyService/SetPrivacyBudget", At.PrivacyBudget, "privacy_budget.name", r => r.PrivacyBudget?.Name);
        Owner<DeclarePrivacyPartitionRequest>("PrivacyService/DeclarePrivacyPartition", At.Dataset, "parent", r => r.Parent);
        Viewer<ListPrivacyEventsRequest>("PrivacyService/ListPrivacyEvents", At.Dataset, "parent", r => r.Parent);
        Viewer<ValidatePrivacyConfigRequest>("PrivacyService/ValidatePrivacyConfig", At.Dataset, "parent", r => r.Parent);
        Viewer<RecommendPrivacyConfigRequest>("PrivacyService/RecommendPrivacyConfig", At.Dataset, "parent", r => r.Parent);
        Viewer<GetPrivacyReportRequest>("PrivacyService/GetPrivacyReport", At.PrivacyReport, "name", r => r.Name);

        Owner<ListAuditEntriesRequest>("AuditService/ListAuditEntries", At.Project, "parent", r => r.Parent);
        Owner<VerifyAuditTrailRequest>("AuditService/VerifyAuditTrail", At.Project, "parent", r => r.Parent);
        Owner<ExportAuditTrailRequest>("AuditService/ExportAuditTrail", At.Project, "parent", r => r.Parent);
        None<ListServerAuditEntriesRequest>(Audience.Admin, AccessScope.Admin, "AuditService/ListServerAuditEntries");
        None<VerifyServerAuditTrailRequest>(Audience.Admin, AccessScope.Admin, "AuditService/VerifyServerAuditTrail");
        None<ExportServerAuditTrailRequest>(Audience.Admin, AccessScope.Admin, "AuditService/ExportServerAuditTrail");

        Viewer<ListJobsRequest>("JobService/ListJobs", At.Project, "parent", r => r.Parent);
        Viewer<GetJobRequest>("JobService/GetJob", At.Job, "name", r => r.Name);
        Viewer<WatchJobRequest>("JobService/WatchJob", At.Job, "name", r => r.Name);
        Editor<CancelJobRequest>("JobService/CancelJob", At.Job, "name", r => r.Name);

        // The standard services of gRPC: health is for load balancers; reflection shows no more than the published protos.
        foreach (var method in (string[])["grpc.health.v1.Health/Check", "grpc.health.v1.Health/Watch", "grpc.health.v1.Health/List",
                     "grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo", "grpc.reflection.v1.ServerReflection/ServerReflectionInfo"])
            Rules.Add("/" + method, new RpcRule(Audience.Public, AccessScope.Read, null, "", _ => "", Audited.No));
        ByMethod = Rules.ToFrozenDictionary(StringComparer.Ordinal);
    }

    /// <summary>The rules by full method name, <c>/synthstudio.v1.JobService/GetJob</c>.</summary>
    public static FrozenDictionary<string, RpcRule> ByMethod { get; }

    private static void Viewer<T>(string method, ResourcePattern pattern, string field, Func<T, string?> name) where T : IMessage =>
        On(Audience.Viewer, AccessScope.Read, method, pattern, field, name);

    private static void Editor<T>(string method, ResourcePattern pattern, string field, Func<T, string?> name) where T : IMessage =>
        On(Audience.Editor, AccessScope.Write, method, pattern, field, name);

    private static void Owner<T>(string method, ResourcePattern pattern, string field, Func<T, string?> name) where T : IMessage =>
        On(Audience.Owner, AccessScope.Write, method, pattern, field, name);

    private static void Self<T>(AccessScope scope, string method, ResourcePattern pattern, string field, Func<T, string?> name) where T : IMessage =>
        On(Audience.Self, scope, method, pattern, field, name);

    private static void None<T>(Audience audience, AccessScope scope, string method) where T : IMessage =>
        Rules.Add("/synthstudio.v1." + method, new RpcRule(audience, scope, null, "", _ => "", AuditedOf(method)));

    private static void On<T>(
        Audience audience, AccessScope scope, string method, ResourcePattern pattern, string field, Func<T, string?> name)
        where T : IMessage =>
        Rules.Add("/synthstudio.v1." + method, new RpcRule(audience, scope, pattern, field, request => name((T)request) ?? "", AuditedOf(method)));

    private static Audited AuditedOf(string method) => OfRealRows.Contains(method)
        ? Audited.RealData
        : Reading.Any(verb => method[(method.IndexOf('/') + 1)..].StartsWith(verb, StringComparison.Ordinal)) ? Audited.No : Audited.Change;
}
