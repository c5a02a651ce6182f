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
        ["Get", "List", "Watch", "Download", "Export", "Stream", "Validate", "Recommend", "Compute", "Calibrate", "Compose", "Verify", "Preview", "WhoAmI"];

    private const string RealRowStream = "DatasetService/DownloadDataset";

    private const string NotesItself = "AuditService/AcceptAuditRestore";

    private const string Piece = "UploadService/UploadChunk";

    /// <summary>Whoever is in a project may leave it.</summary>
    private const string Leaving = "ProjectService/DeleteProjectMember";

    /// <summary>What tells of the rows that were learned (profiles, reports beside them, and models), or all of a person.</summary>
    private static readonly HashSet<string> OfRealRows = new(StringComparer.Ordinal)
    {
        "DatasetService/GetDatasetProfile", "DatasetService/GetDatasetSensitivity", "DatasetService/GetDatasetPreview",
        "AnalysisService/GetAnalysisResult", "RegistryService/GetModelCard", "RegistryService/GetGeneratorComparison",
        "GeneratorService/ExportGenerator", "GeneratorService/DownloadGeneratorReport",
        "EvaluationService/GetEvaluationReport", "EvaluationService/DownloadEvaluationReport", "EvidenceService/DownloadEvidencePack", "AccountService/ExportAccount",
    };

    /// <summary>
    /// How a project is run, and what was measured of it: what its auditors may read. No tables, no rows and no models are among
    /// it, and nothing that changes anything.
    /// </summary>
    private static readonly HashSet<string> OfAuditors = new(StringComparer.Ordinal)
    {
        "ProjectService/GetProject", "ProjectService/GetProjectUsage", "ProjectService/ListProjectMembers", "DatasetService/GetDataPolicy",
        "AuditService/ListAuditEntries", "AuditService/VerifyAuditTrail", "AuditService/ExportAuditTrail",
        "EvidenceService/GetEvidencePack", "EvidenceService/ListEvidencePacks", "EvidenceService/DownloadEvidencePack",
        "RegistryService/GetLineage", "RegistryService/GetModelCard", "RegistryService/ListGeneratorAliases", "RegistryService/GetGeneratorComparison",
        "GeneratorService/GetGenerator", "GeneratorService/ListGenerators", "GeneratorService/DownloadGeneratorReport",
        "EvaluationService/GetEvaluation", "EvaluationService/ListEvaluations", "EvaluationService/GetEvaluationReport", "EvaluationService/DownloadEvaluationReport",
        "PrivacyService/GetPrivacyBudget", "PrivacyService/ListPrivacyEvents", "PrivacyService/GetPrivacyReport",
    };

    private static readonly Dictionary<string, RpcRule> Rules = new(StringComparer.Ordinal);

    static RpcRules()
    {
        None<GetServerInfoRequest>(Audience.Public, AccessScope.Read, "ServerService/GetServerInfo");

        None<GetClusterRequest>(Audience.Admin, AccessScope.Admin, "ClusterService/GetCluster");
        None<CordonSiloRequest>(Audience.Admin, AccessScope.Admin, "ClusterService/CordonSilo");
        None<UncordonSiloRequest>(Audience.Admin, AccessScope.Admin, "ClusterService/UncordonSilo");
        None<DrainSiloRequest>(Audience.Admin, AccessScope.Admin, "ClusterService/DrainSilo");
        None<ListUsageRequest>(Audience.Admin, AccessScope.Admin, "ClusterService/ListUsage");
        On<SetProjectShareRequest>(Audience.Admin, AccessScope.Admin, "ClusterService/SetProjectShare", At.Project, "project", r => r.Project);
        On<RotateProjectKeyRequest>(Audience.Admin, AccessScope.Admin, "ClusterService/RotateProjectKey", At.Project, "project", r => r.Project);
        None<ResealSecretsRequest>(Audience.Admin, AccessScope.Admin, "ClusterService/ResealSecrets");

        None<CreateTokenRequest>(Audience.Public, AccessScope.Read, "IdentityService/CreateToken");
        None<WhoAmIRequest>(Audience.Authenticated, AccessScope.Read, "IdentityService/WhoAmI");
        None<CreateUserRequest>(Audience.Admin, AccessScope.Admin, "IdentityService/CreateUser");
        None<ListUsersRequest>(Audience.Admin, AccessScope.Admin, "IdentityService/ListUsers");
        Self<GetUserRequest>(AccessScope.Read, "IdentityService/GetUser", At.User, "name", r => r.Name);
        On<DeleteUserRequest>(Audience.Admin, AccessScope.Admin, "IdentityService/DeleteUser", At.User, "name", r => r.Name);
        Self<CreateApiKeyRequest>(AccessScope.Admin, "IdentityService/CreateApiKey", At.User, "parent", r => r.Parent);
        Self<ListApiKeysRequest>(AccessScope.Read, "IdentityService/ListApiKeys", At.User, "parent", r => r.Parent);
        Self<RevokeApiKeyRequest>(AccessScope.Admin, "IdentityService/RevokeApiKey", At.ApiKey, "name", r => r.Name);

        None<StartRegistrationRequest>(Audience.Public, AccessScope.Read, "AccountService/StartRegistration");
        None<CompleteRegistrationRequest>(Audience.Public, AccessScope.Read, "AccountService/CompleteRegistration");
        None<RequestPasswordResetRequest>(Audience.Public, AccessScope.Read, "AccountService/RequestPasswordReset");
        None<ResetPasswordRequest>(Audience.Public, AccessScope.Read, "AccountService/ResetPassword");
        None<ConfirmEmailChangeRequest>(Audience.Public, AccessScope.Read, "AccountService/ConfirmEmailChange");
        None<SignInRequest>(Audience.Public, AccessScope.Read, "AccountService/SignIn");
        None<RefreshSessionRequest>(Audience.Public, AccessScope.Read, "AccountService/RefreshSession");
        None<SignOutRequest>(Audience.Public, AccessScope.Read, "AccountService/SignOut");
        None<ListSignInProvidersRequest>(Audience.Public, AccessScope.Read, "AccountService/ListSignInProviders");
        None<StartProviderSignInRequest>(Audience.Public, AccessScope.Read, "AccountService/StartProviderSignIn");
        None<FinishProviderSignInRequest>(Audience.Public, AccessScope.Read, "AccountService/FinishProviderSignIn");
        None<InviteUserRequest>(Audience.Admin, AccessScope.Admin, "AccountService/InviteUser", r => r.User);
        Self<GetAccountRequest>(AccessScope.Read, "AccountService/GetAccount", At.Account, "name", r => r.Name);
        Self<ChangePasswordRequest>(AccessScope.Admin, "AccountService/ChangePassword", At.Account, "name", r => r.Name);
        Self<RequestEmailChangeRequest>(AccessScope.Admin, "AccountService/RequestEmailChange", At.Account, "name", r => r.Name);
        Self<StartSecondFactorRequest>(AccessScope.Admin, "AccountService/StartSecondFactor", At.Account, "name", r => r.Name);
        Self<ConfirmSecondFactorRequest>(AccessScope.Admin, "AccountService/ConfirmSecondFactor", At.Account, "name", r => r.Name);
        Self<CreateRecoveryCodesRequest>(AccessScope.Admin, "AccountService/CreateRecoveryCodes", At.Account, "name", r => r.Name);
        Self<RemoveSecondFactorRequest>(AccessScope.Admin, "AccountService/RemoveSecondFactor", At.Account, "name", r => r.Name);
        Self<StartProviderLinkRequest>(AccessScope.Admin, "AccountService/StartProviderLink", At.Account, "name", r => r.Name);
        Self<RemoveProviderLinkRequest>(AccessScope.Admin, "AccountService/RemoveProviderLink", At.Account, "name", r => r.Name);
        Self<ListSessionsRequest>(AccessScope.Read, "AccountService/ListSessions", At.User, "parent", r => r.Parent);
        Self<RevokeSessionRequest>(AccessScope.Admin, "AccountService/RevokeSession", At.Session, "name", r => r.Name);
        Self<ExportAccountRequest>(AccessScope.Admin, "AccountService/ExportAccount", At.Account, "name", r => r.Name);
        Self<EraseAccountRequest>(AccessScope.Admin, "AccountService/EraseAccount", At.Account, "name", r => r.Name);

        Owner<CreateInvitationRequest>("InvitationService/CreateInvitation", At.Project, "parent", r => r.Parent);
        Owner<GetInvitationRequest>("InvitationService/GetInvitation", At.Invitation, "name", r => r.Name);
        Owner<ListInvitationsRequest>("InvitationService/ListInvitations", At.Project, "parent", r => r.Parent);
        Owner<ResendInvitationRequest>("InvitationService/ResendInvitation", At.Invitation, "name", r => r.Name);
        Owner<DeleteInvitationRequest>("InvitationService/DeleteInvitation", At.Invitation, "name", r => r.Name);
        None<AcceptInvitationRequest>(Audience.Authenticated, AccessScope.Admin, "InvitationService/AcceptInvitation");
        None<DeclineInvitationRequest>(Audience.Public, AccessScope.Read, "InvitationService/DeclineInvitation");

        Owner<CreateServiceAccountRequest>("ServiceAccountService/CreateServiceAccount", At.Project, "parent", r => r.Parent);
        Owner<ListServiceAccountsRequest>("ServiceAccountService/ListServiceAccounts", At.Project, "parent", r => r.Parent);
        Owner<DeleteServiceAccountRequest>("ServiceAccountService/DeleteServiceAccount", At.ServiceAccount, "name", r => r.Name);
        Owner<CreateServiceAccountKeyRequest>("ServiceAccountService/CreateServiceAccountKey", At.ServiceAccount, "parent", r => r.Parent);
        Owner<ListServiceAccountKeysRequest>("ServiceAccountService/ListServiceAccountKeys", At.ServiceAccount, "parent", r => r.Parent);
        Owner<RevokeServiceAccountKeyRequest>("ServiceAccountService/RevokeServiceAccountKey", At.ServiceAccount, "name", r => r.Name);

        None<ListProjectsRequest>(Audience.Authenticated, AccessScope.Read, "ProjectService/ListProjects");
        None<CreateProjectRequest>(Audience.Authenticated, AccessScope.Write, "ProjectService/CreateProject");
        Viewer<GetProjectRequest>("ProjectService/GetProject", At.Project, "name", r => r.Name);
        Owner<UpdateProjectRequest>("ProjectService/UpdateProject", At.Project, "project.name", r => r.Project?.Name);
        Owner<DeleteProjectRequest>("ProjectService/DeleteProject", At.Project, "name", r => r.Name);
        On<UndeleteProjectRequest>(Audience.FormerOwner, AccessScope.Write, "ProjectService/UndeleteProject", At.Project, "name", r => r.Name);
        On<PurgeProjectRequest>(Audience.FormerOwner, AccessScope.Write, "ProjectService/PurgeProject", At.Project, "name", r => r.Name);
        Owner<TransferProjectRequest>("ProjectService/TransferProject", At.Project, "name", r => r.Name);
        Owner<PreviewRetentionRequest>("ProjectService/PreviewRetention", At.Project, "name", r => r.Name);
        Viewer<GetProjectUsageRequest>("ProjectService/GetProjectUsage", At.ProjectUsage, "name", r => r.Name);
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
        Editor<UndeleteDatasetRequest>("DatasetService/UndeleteDataset", At.Dataset, "name", r => r.Name);
        Editor<PurgeDatasetRequest>("DatasetService/PurgeDataset", At.Dataset, "name", r => r.Name);
        Viewer<GetDatasetProfileRequest>("DatasetService/GetDatasetProfile", At.DatasetProfile, "name", r => r.Name);
        Viewer<GetDatasetSensitivityRequest>("DatasetService/GetDatasetSensitivity", At.DatasetSensitivity, "name", r => r.Name);
        Editor<UpdateDatasetSensitivityRequest>(
            "DatasetService/UpdateDatasetSensitivity", At.DatasetSensitivity, "dataset_sensitivity.name", r => r.DatasetSensitivity?.Name);
        Viewer<ListDatasetVersionsRequest>("DatasetService/ListDatasetVersions", At.Dataset, "name", r => r.Name);
        Viewer<GetDatasetPreviewRequest>("DatasetService/GetDatasetPreview", At.DatasetPreview, "name", r => r.Name);
        Viewer<DownloadDatasetRequest>(RealRowStream, At.Dataset, "name", r => r.Name);
        Viewer<GetDataPolicyRequest>("DatasetService/GetDataPolicy", At.DataPolicy, "name", r => r.Name);
        Owner<UpdateDataPolicyRequest>("DatasetService/UpdateDataPolicy", At.DataPolicy, "data_policy.name", r => r.DataPolicy?.Name);

        Editor<CreateAnalysisRequest>("AnalysisService/CreateAnalysis", At.Dataset, "parent", r => r.Parent);
        Viewer<GetAnalysisRequest>("AnalysisService/GetAnalysis", At.Analysis, "name", r => r.Name);
        Viewer<ListAnalysesRequest>("AnalysisService/ListAnalyses", At.Dataset, "parent", r => r.Parent);
        Editor<DeleteAnalysisRequest>("AnalysisService/DeleteAnalysis", At.Analysis, "name", r => r.Name);
        Viewer<GetAnalysisResultRequest>("AnalysisService/GetAnalysisResult", At.AnalysisResult, "name", r => r.Name);

        Editor<CreateGeneratorRequest>("GeneratorService/CreateGenerator", At.Project, "parent", r => r.Parent);
        Viewer<GetGeneratorRequest>("GeneratorService/GetGenerator", At.Generator, "name", r => r.Name);
        Viewer<GetGeneratorHealthRequest>("GeneratorService/GetGeneratorHealth", At.GeneratorHealth, "name", r => r.Name);
        Viewer<ListGeneratorsRequest>("GeneratorService/ListGenerators", At.Project, "parent", r => r.Parent);
        Editor<UpdateGeneratorRequest>("GeneratorService/UpdateGenerator", At.Generator, "generator.name", r => r.Generator?.Name);
        Editor<DeleteGeneratorRequest>("GeneratorService/DeleteGenerator", At.Generator, "name", r => r.Name);
        Editor<UndeleteGeneratorRequest>("GeneratorService/UndeleteGenerator", At.Generator, "name", r => r.Name);
        Editor<PurgeGeneratorRequest>("GeneratorService/PurgeGenerator", At.Generator, "name", r => r.Name);
        Editor<TrainGeneratorRequest>("GeneratorService/TrainGenerator", At.Generator, "name", r => r.Name);
        Editor<PauseGeneratorRequest>("GeneratorService/PauseGenerator", At.Generator, "name", r => r.Name);
        Editor<ResumeGeneratorRequest>("GeneratorService/ResumeGenerator", At.Generator, "name", r => r.Name);
        Editor<CancelGeneratorTrainingRequest>("GeneratorService/CancelGeneratorTraining", At.Generator, "name", r => r.Name);
        Viewer<WatchGeneratorRequest>("GeneratorService/WatchGenerator", At.Generator, "name", r => r.Name);
        Editor<ImportGeneratorRequest>("GeneratorService/ImportGenerator", At.Project, "parent", r => r.Parent);
        Viewer<ExportGeneratorRequest>("GeneratorService/ExportGenerator", At.Generator, "name", r => r.Name);
        Viewer<DownloadGeneratorReportRequest>("GeneratorService/DownloadGeneratorReport", At.Generator, "name", r => r.Name);

        Editor<SetGeneratorAliasRequest>("RegistryService/SetGeneratorAlias", At.Project, "parent", r => r.Parent);
        Viewer<ListGeneratorAliasesRequest>("RegistryService/ListGeneratorAliases", At.Project, "parent", r => r.Parent);
        Editor<DeleteGeneratorAliasRequest>("RegistryService/DeleteGeneratorAlias", At.GeneratorAlias, "name", r => r.Name);
        Viewer<GetLineageRequest>("RegistryService/GetLineage", At.Project, "parent", r => r.Parent);
        Viewer<GetModelCardRequest>("RegistryService/GetModelCard", At.ModelCard, "name", r => r.Name);
        Viewer<GetGeneratorComparisonRequest>("RegistryService/GetGeneratorComparison", At.Generator, "name", r => r.Name);

        Editor<CreateSyntheticDatasetRequest>("SyntheticDatasetService/CreateSyntheticDataset", At.Project, "parent", r => r.Parent);
        Viewer<GetSyntheticDatasetRequest>("SyntheticDatasetService/GetSyntheticDataset", At.SyntheticDataset, "name", r => r.Name);
        Viewer<ListSyntheticDatasetsRequest>("SyntheticDatasetService/ListSyntheticDatasets", At.Project, "parent", r => r.Parent);
        Editor<DeleteSyntheticDatasetRequest>("SyntheticDatasetService/DeleteSyntheticDataset", At.SyntheticDataset, "name", r => r.Name);
        Editor<UndeleteSyntheticDatasetRequest>("SyntheticDatasetService/UndeleteSyntheticDataset", At.SyntheticDataset, "name", r => r.Name);
        Editor<PurgeSyntheticDatasetRequest>("SyntheticDatasetService/PurgeSyntheticDataset", At.SyntheticDataset, "name", r => r.Name);
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

        On<ListAuditEntriesRequest>(Audience.Owner, AccessScope.Read, "AuditService/ListAuditEntries", At.Project, "parent", r => r.Parent);
        On<VerifyAuditTrailRequest>(Audience.Owner, AccessScope.Read, "AuditService/VerifyAuditTrail", At.Project, "parent", r => r.Parent);
        On<ExportAuditTrailRequest>(Audience.Owner, AccessScope.Read, "AuditService/ExportAuditTrail", At.Project, "parent", r => r.Parent);
        None<ListServerAuditEntriesRequest>(Audience.Admin, AccessScope.Admin, "AuditService/ListServerAuditEntries");
        None<VerifyServerAuditTrailRequest>(Audience.Admin, AccessScope.Admin, "AuditService/VerifyServerAuditTrail");
        None<ExportServerAuditTrailRequest>(Audience.Admin, AccessScope.Admin, "AuditService/ExportServerAuditTrail");
        None<AcceptAuditRestoreRequest>(Audience.Admin, AccessScope.Admin, "AuditService/AcceptAuditRestore");

        Owner<CreateEvidencePackRequest>("EvidenceService/CreateEvidencePack", At.Project, "parent", r => r.Parent);
        On<GetEvidencePackRequest>(Audience.Owner, AccessScope.Read, "EvidenceService/GetEvidencePack", At.EvidencePack, "name", r => r.Name);
        On<ListEvidencePacksRequest>(Audience.Owner, AccessScope.Read, "EvidenceService/ListEvidencePacks", At.Project, "parent", r => r.Parent);
        On<DownloadEvidencePackRequest>(Audience.Owner, AccessScope.Read, "EvidenceService/DownloadEvidencePack", At.EvidencePack, "name", r => r.Name);
        Owner<DeleteEvidencePackRequest>("EvidenceService/DeleteEvidencePack", At.EvidencePack, "name", r => r.Name);
        None<ListControlsRequest>(Audience.Authenticated, AccessScope.Read, "EvidenceService/ListControls");
        None<GetEvidenceKeyRequest>(Audience.Public, AccessScope.Read, "EvidenceService/GetEvidenceKey");

        Owner<CreateWebhookRequest>("WebhookService/CreateWebhook", At.Project, "parent", r => r.Parent);
        Owner<GetWebhookRequest>("WebhookService/GetWebhook", At.Webhook, "name", r => r.Name);
        Owner<ListWebhooksRequest>("WebhookService/ListWebhooks", At.Project, "parent", r => r.Parent);
        Owner<UpdateWebhookRequest>("WebhookService/UpdateWebhook", At.Webhook, "webhook.name", r => r.Webhook?.Name);
        Owner<DeleteWebhookRequest>("WebhookService/DeleteWebhook", At.Webhook, "name", r => r.Name);
        Owner<RotateWebhookSecretRequest>("WebhookService/RotateWebhookSecret", At.Webhook, "name", r => r.Name);
        Owner<PingWebhookRequest>("WebhookService/PingWebhook", At.Webhook, "name", r => r.Name);
        Owner<GetWebhookDeliveryRequest>("WebhookService/GetWebhookDelivery", At.WebhookDelivery, "name", r => r.Name);
        Owner<ListWebhookDeliveriesRequest>("WebhookService/ListWebhookDeliveries", At.Webhook, "parent", r => r.Parent);
        Owner<ReplayWebhookDeliveriesRequest>("WebhookService/ReplayWebhookDeliveries", At.Webhook, "parent", r => r.Parent);

        Owner<CreateConnectionRequest>("ConnectionService/CreateConnection", At.Project, "parent", r => r.Parent);
        Editor<GetConnectionRequest>("ConnectionService/GetConnection", At.Connection, "name", r => r.Name);
        Editor<ListConnectionsRequest>("ConnectionService/ListConnections", At.Project, "parent", r => r.Parent);
        Owner<DeleteConnectionRequest>("ConnectionService/DeleteConnection", At.Connection, "name", r => r.Name);

        Editor<CreateTransferRequest>("TransferService/CreateTransfer", At.Project, "parent", r => r.Parent);
        Editor<GetTransferRequest>("TransferService/GetTransfer", At.Transfer, "name", r => r.Name);
        Editor<ListTransfersRequest>("TransferService/ListTransfers", At.Project, "parent", r => r.Parent);
        Editor<CancelTransferRequest>("TransferService/CancelTransfer", At.Transfer, "name", r => r.Name);
        // Who may look may ask; what it takes is the project's, so a key that only reads is not enough.
        Viewer<GetAssistantStatusRequest>("AssistantService/GetAssistantStatus", At.Assistant, "name", r => r.Name);
        On<ChatAboutProjectRequest>(Audience.Viewer, AccessScope.Write, "AssistantService/ChatAboutProject", At.Project, "parent", r => r.Parent);
        On<ExplainEvaluationRequest>(Audience.Viewer, AccessScope.Write, "AssistantService/ExplainEvaluation", At.Evaluation, "name", r => r.Name);
        On<SuggestGeneratorOptionsRequest>(Audience.Viewer, AccessScope.Write, "AssistantService/SuggestGeneratorOptions", At.Generator, "name", r => r.Name);
        On<DraftModelCardRequest>(Audience.Viewer, AccessScope.Write, "AssistantService/DraftModelCard", At.Generator, "name", r => r.Name);
        Owner<DraftComplianceNarrativeRequest>("AssistantService/DraftComplianceNarrative", At.EvidencePack, "name", r => r.Name); // As the pack itself.
        On<ProposeTableRequest>(Audience.Viewer, AccessScope.Write, "AssistantService/ProposeTable", At.Project, "parent", r => r.Parent);
        On<ClassifyColumnsRequest>(Audience.Viewer, AccessScope.Write, "AssistantService/ClassifyColumns", At.Dataset, "name", r => r.Name);
        Viewer<GetAssistantConsentRequest>("AssistantService/GetAssistantConsent", At.AssistantConsent, "name", r => r.Name);
        Owner<UpdateAssistantConsentRequest>("AssistantService/UpdateAssistantConsent", At.AssistantConsent, "assistant_consent.name", r => r.AssistantConsent?.Name);

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

    /// <param name="audience">Whom it is for.</param>
    /// <param name="scope">What the key or token must be good for.</param>
    /// <param name="method">The call.</param>
    /// <param name="name">What it is about all the same, for the audit trail; null for nothing.</param>
    private static void None<T>(Audience audience, AccessScope scope, string method, Func<T, string>? name = null) where T : IMessage =>
        Rules.Add("/synthstudio.v1." + method, new RpcRule(audience, scope, null, "", request => name?.Invoke((T)request) ?? "", AuditedOf(method)));

    private static void On<T>(
        Audience audience, AccessScope scope, string method, ResourcePattern pattern, string field, Func<T, string?> name)
        where T : IMessage =>
        Rules.Add(
            "/synthstudio.v1." + method,
            new RpcRule(
                audience, scope, pattern, field, request => name((T)request) ?? "", AuditedOf(method), OfAuditors.Contains(method),
                IsForOneself: method == Leaving));

    private static Audited AuditedOf(string method) => method == RealRowStream ? Audited.RealRows
        : OfRealRows.Contains(method)
        ? Audited.RealData
        : Begins(method, Reading) ? Audited.No
        : method == NotesItself ? Audited.ChangeNotedItself
        : method == Piece ? Audited.ChangeOfPiece
        : Audited.Change;

    private static bool Begins(string method, string[] verbs) =>
        Array.Exists(verbs, verb => method[(method.IndexOf('/') + 1)..].StartsWith(verb, StringComparison.Ordinal));
}
