using SynthStudio.Api.Authorization;
using SynthStudio.Api.Identity;
using SynthStudio.Catalog;

namespace SynthStudio.Api.Tests.Access;

/// <summary>
/// Every RPC, really called by everyone who may not, and by one who may. A new RPC is in here
/// by itself; without a rule or a sample it fails.
/// </summary>
[TestClass]
public sealed class AccessMatrixTests : ApiTest
{
    public static IEnumerable<object[]> Methods => Rpc.All.Select(rpc => new object[] { rpc.FullName });

    [TestMethod]
    public void Every_method_has_a_rule_and_every_rule_a_method()
    {
        var methods = Rpc.All.Select(rpc => rpc.FullName).ToHashSet();

        Assert.IsGreaterThan(50, methods.Count);
        Assert.AreEqual("", string.Join(", ", methods.Where(m => !RpcRules.ByMethod.ContainsKey(m))));
        Assert.AreEqual("", string.Join(", ", RpcRules.ByMethod.Keys.Where(m => m.StartsWith("/synthstudio", StringComparison.Ordinal) && !methods.Contains(m))));
    }

    [TestMethod]
    public void Only_these_calls_need_no_credentials()
    {
        var open = RpcRules.ByMethod.Where(rule => rule.Value.Audience == Audience.Public).Select(rule => rule.Key)
            .Where(m => !m.StartsWith("/grpc.", StringComparison.Ordinal));

        CollectionAssert.AreEquivalent(
            new[]
            {
                "ServerService/GetServerInfo", "EvidenceService/GetEvidenceKey", "IdentityService/CreateToken", "AccountService/StartRegistration", "AccountService/CompleteRegistration",
                "AccountService/RequestPasswordReset", "AccountService/ResetPassword", "AccountService/ConfirmEmailChange", "AccountService/SignIn", "AccountService/RefreshSession", "AccountService/SignOut",
                "InvitationService/DeclineInvitation", "AccountService/ListSignInProviders", "AccountService/StartProviderSignIn", "AccountService/FinishProviderSignIn",
            },
            open.Select(m => m["/synthstudio.v1.".Length..]).ToArray());
    }

    [TestMethod]
    public void Calls_that_change_something_need_a_scope_for_it()
    {
        string[] reading = ["Get", "List", "Watch", "Who", "Stream", "Download", "Export", "Compute", "Calibrate", "Compose", "Validate", "Recommend", "Verify", "Preview"];
        var careless = Rpc.All.Where(rpc => rpc.Rule.Audience != Audience.Public && rpc.Rule.Scope == AccessScope.Read
            && !reading.Any(verb => rpc.Descriptor.Name.StartsWith(verb, StringComparison.Ordinal)));

        Assert.AreEqual("", string.Join(", ", careless));
    }

    [TestMethod]
    public void Auditors_read_how_a_project_is_run_and_nothing_else()
    {
        var theirs = Rpc.All.Where(rpc => rpc.Rule.IsForAuditors).ToList();

        CollectionAssert.AreEquivalent(
            new[]
            {
                "AuditService/ExportAuditTrail", "AuditService/ListAuditEntries", "AuditService/VerifyAuditTrail", "DatasetService/GetDataPolicy",
                "EvaluationService/DownloadEvaluationReport", "EvaluationService/GetEvaluation", "EvaluationService/GetEvaluationReport", "EvaluationService/ListEvaluations",
                "EvidenceService/DownloadEvidencePack", "EvidenceService/GetEvidencePack", "EvidenceService/ListEvidencePacks",
                "GeneratorService/DownloadGeneratorReport", "GeneratorService/GetGenerator", "GeneratorService/ListGenerators",
                "PrivacyService/GetPrivacyBudget", "PrivacyService/GetPrivacyReport", "PrivacyService/ListPrivacyEvents",
                "ProjectService/GetProject", "ProjectService/GetProjectUsage", "ProjectService/ListProjectMembers",
                "RegistryService/GetGeneratorComparison", "RegistryService/GetLineage", "RegistryService/GetModelCard", "RegistryService/ListGeneratorAliases",
            },
            theirs.Select(rpc => rpc.FullName["/synthstudio.v1.".Length..]).ToArray());
        Assert.AreEqual("", string.Join(", ", theirs.Where(rpc => rpc.Rule is not { Scope: AccessScope.Read, IsChange: false })), "A key that reads is enough, and nothing is changed.");
    }

    [TestMethod]
    public void Members_of_any_role_may_leave_and_do_nothing_else_by_their_own_name() => CollectionAssert.AreEqual(
        new[] { "/synthstudio.v1.ProjectService/DeleteProjectMember" }, Rpc.All.Where(rpc => rpc.Rule.IsForOneself).Select(rpc => rpc.FullName).ToArray());

    [TestMethod]
    [DynamicData(nameof(Methods))]
    public async Task A_call_is_for_those_whom_its_rule_names(string fullName)
    {
        var rpc = Rpc.All.Single(r => r.FullName == fullName);
        var tenant = await Tenant.CreateAsync(Server);
        var resource = rpc.Rule.Pattern is { } pattern ? Sample(pattern, tenant) : null;

        if (rpc.Rule.Audience == Audience.Public)
        {
            Assert.AreNotEqual(StatusCode.Unauthenticated, await CallAsync(rpc, resource, key: null));
            return;
        }

        Assert.AreEqual(StatusCode.Unauthenticated, await CallAsync(rpc, resource, key: null));
        Assert.AreEqual(StatusCode.Unauthenticated, await CallAsync(rpc, resource, "ss_local_00000000000000000000_x"));
        foreach (var scope in Enum.GetValues<AccessScope>().Where(scope => scope < rpc.Rule.Scope))
        {
            var key = await Server.KeyAsync(tenant.User, scope);
            Assert.AreEqual(StatusCode.PermissionDenied, await CallAsync(rpc, resource, key), $"A key for {scope}.");
            Assert.AreEqual(StatusCode.PermissionDenied, await CallAsync(rpc, resource, await TokenAsync(key)), $"A token of a key for {scope}.");
        }

        if (rpc.Rule.Audience == Audience.FormerOwner)
        {
            Assert.AreEqual(StatusCode.FailedPrecondition, await CallAsync(rpc, resource, tenant.Key), "It is for projects that were deleted.");
            var editor = await MemberAsync(tenant, ProjectRole.Editor);
            using var owner = Server.Client(tenant.Key);
            await owner.Projects.DeleteProjectAsync(new() { Name = tenant.Project });
            Assert.AreEqual(StatusCode.NotFound, await CallAsync(rpc, resource, editor));
        }

        var stranger = (await Server.UserAsync()).Key;
        switch (rpc.Rule.Audience)
        {
            case Audience.Admin:
                Assert.AreEqual(StatusCode.PermissionDenied, await CallAsync(rpc, resource, stranger));
                break;
            case Audience.Self or Audience.Viewer or Audience.Editor or Audience.Owner or Audience.FormerOwner:
                Assert.AreEqual(StatusCode.NotFound, await CallAsync(rpc, resource, stranger), "Another tenant's resource does not exist.");
                break;
        }

        if (rpc.Rule.Audience is Audience.Editor or Audience.Owner)
            Assert.AreEqual(StatusCode.PermissionDenied, await CallAsync(rpc, resource, await MemberAsync(tenant, ProjectRole.Viewer)));
        if (rpc.Rule.Audience is Audience.Owner)
            Assert.AreEqual(StatusCode.PermissionDenied, await CallAsync(rpc, resource, await MemberAsync(tenant, ProjectRole.Editor)));

        if (rpc.Rule.Audience is Audience.Viewer or Audience.Editor or Audience.Owner)
        {
            var audited = await CallAsync(rpc, resource, await MemberAsync(tenant, ProjectRole.Auditor));
            if (rpc.Rule.IsForAuditors)
            {
                Assert.IsFalse(
                    audited is StatusCode.PermissionDenied or StatusCode.NotFound or StatusCode.Internal or StatusCode.Unknown,
                    $"{audited}");
            }
            else
            {
                Assert.AreEqual(StatusCode.PermissionDenied, audited, "It is not for auditors.");
            }
        }

        var allowed = rpc.Rule.Audience == Audience.Admin ? Server.AdminKey : tenant.Key;
        var answer = await CallAsync(rpc, resource, allowed);
        CollectionAssert.DoesNotContain(
            new[] { StatusCode.Unauthenticated, StatusCode.PermissionDenied, StatusCode.NotFound, StatusCode.Internal, StatusCode.Unknown }, answer);
    }

    [TestMethod]
    [DataRow("projects/p/datasets/d/extra")]
    [DataRow("projects//datasets/d")]
    [DataRow("projects/P/datasets/d")]
    [DataRow("projects/../datasets/d")]
    [DataRow("projects/p/generators/d")]
    [DataRow("")]
    public async Task A_name_of_another_shape_is_refused_before_anything_is_looked_up(string name)
    {
        using var client = Server.Client(Server.AdminKey);

        await RefusedAsync(StatusCode.InvalidArgument, "INVALID_NAME", () => client.Datasets.GetDatasetAsync(new() { Name = name }).ResponseAsync);
    }

    private async Task<string> TokenAsync(string key)
    {
        using var client = Server.Client(null);
        return (await client.Identity.CreateTokenAsync(new() { ApiKey = key })).AccessToken;
    }

    private async Task<StatusCode> CallAsync(Rpc rpc, string? resource, string? key)
    {
        using var client = Server.Client(key);
        return await rpc.CallAsync(client.Invoker, rpc.Request(resource), Cancellation);
    }

    internal static string Sample(ResourcePattern pattern, Tenant tenant) => pattern.ToString() switch
    {
        "projects/*" => tenant.Project,
        "projects/*/usage" => tenant.Project + "/usage",
        "projects/*/assistant" => tenant.Project + "/assistant",
        "projects/*/datasets/*/assistantConsent" => tenant.Dataset + "/assistantConsent",
        "projects/*/members/*" => tenant.Member,
        "projects/*/uploads/*" => tenant.Upload,
        "projects/*/datasets/*" => tenant.Dataset,
        "projects/*/datasets/*/profile" => tenant.Dataset + "/profile",
        "projects/*/dataPolicy" => tenant.Project + "/dataPolicy",
        "projects/*/datasets/*/preview" => tenant.Dataset + "/preview",
        "projects/*/datasets/*/analyses/*" => tenant.Analysis,
        "projects/*/datasets/*/analyses/*/result" => tenant.Analysis + "/result",
        "projects/*/datasets/*/sensitivity" => tenant.Dataset + "/sensitivity",
        "projects/*/datasets/*/privacyBudget" => tenant.Dataset + "/privacyBudget",
        "projects/*/generators/*/privacyReport" => tenant.Generator + "/privacyReport",
        "projects/*/generators/*/modelCard" => tenant.Generator + "/modelCard",
        "projects/*/generators/*/health" => tenant.Generator + "/health",
        "projects/*/generatorAliases/*" => tenant.Alias,
        "projects/*/generators/*" => tenant.Generator,
        "projects/*/syntheticDatasets/*" => tenant.Synthetic,
        "projects/*/evaluations/*" => tenant.Evaluation,
        "projects/*/evaluations/*/report" => tenant.Evaluation + "/report",
        "projects/*/evidencePacks/*" => tenant.EvidencePack,
        "projects/*/jobs/*" => tenant.Job,
        "projects/*/webhooks/*" => tenant.Webhook,
        "projects/*/webhooks/*/deliveries/*" => tenant.Delivery,
        "projects/*/connections/*" => tenant.Connection,
        "projects/*/transfers/*" => tenant.Transfer,
        "users/*" => tenant.User,
        "users/*/apiKeys/*" => tenant.ApiKey,
        "users/*/account" => tenant.User + "/account",
        "users/*/sessions/*" => tenant.Session,
        "projects/*/serviceAccounts/*" => tenant.ServiceAccount,
        "projects/*/invitations/*" => tenant.Invitation,
        _ => throw new InvalidOperationException($"There is no sample of {pattern}: add one to the tenant."),
    };
}
