using System.Data.Common;
using System.Diagnostics;
using Google.Rpc;
using SynthStudio.Api.Authorization;
using SynthStudio.Api.Errors;
using SynthStudio.Api.Identity;
using SynthStudio.Catalog.Accounts;
using SynthStudio.Catalog.Assistant;
using SynthStudio.Catalog.Audit;

namespace SynthStudio.Api.Auditing;

/// <summary>Writes calls into the audit trail of their project, or the server's.</summary>
internal sealed partial class Auditor(AuditTrail trail)
{
    /// <summary>Names longer than this are of nobody's making but a caller's.</summary>
    private const int LongestName = 300;

    private const string Repeat = "Repeat it with the same request_id: what was done is not done again.", Look = "It may have been carried out: look whether it was before you repeat it.",
        CallAgain = "Nothing of it was sent: call again.", NothingDone = "Nothing was done: call again.";

    /// <summary>What a trail says was done where a consent ended with who gave it, so that it is found with other revocations.</summary>
    public const string ConsentEnded = "AssistantService/UpdateAssistantConsent";

    private const string KeyRevoked = "ServiceAccountService/RevokeServiceAccountKey", SessionRevoked = "AccountService/RevokeSession";

    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);
    private static readonly object ProjectKey = new(), WrittenKey = new();

    /// <summary>Notes that the caller is a member of the project that the call is about, with the role that it asks for.</summary>
    public static void Grant(ServerCallContext context, string root)
    {
        if (root.StartsWith("projects/", StringComparison.Ordinal)) context.UserState[ProjectKey] = root;
    }

    /// <summary>Notes a stream that begins now: before anything leaves.</summary>
    public async ValueTask BeginStreamAsync(ServerCallContext context, RpcRule rule, string resource)
    {
        if (rule.Audited is Audited.No or Audited.RealRows) return;
        await BeginRowsAsync(context, resource);
    }

    /// <summary>Notes a stream of real rows (<see cref="Audited.RealRows"/>) that is allowed: before the first row leaves.</summary>
    public async ValueTask BeginRowsAsync(ServerCallContext context, string resource)
    {
        await WriteAsync(context, resource, "", "OK", "", CallAgain);
        context.UserState[WrittenKey] = true;
    }

    /// <summary>
    /// Notes how a call ended. Where the trail does not say that it began, that must be durable before its caller hears of it; where it
    /// does, only that it began.
    /// </summary>
    /// <param name="context">The call. One without a caller is not noted: anybody could fill the trail.</param>
    /// <param name="resource">What it was about.</param>
    /// <param name="requestId">The caller's name for it.</param>
    /// <param name="error">What it failed with; null for nothing.</param>
    /// <param name="detail">What <see cref="AuditDetail"/> says of it.</param>
    /// <exception cref="RpcException">UNAVAILABLE: the trail does not take it.</exception>
    public async ValueTask EndAsync(ServerCallContext context, string resource, string requestId, RpcException? error, string detail = "")
    {
        if (context.UserState.ContainsKey(WrittenKey)) return;
        var (outcome, reason) = (ErrorReasons.Of(error?.StatusCode ?? StatusCode.OK), error?.GetRpcStatus()?.GetDetail<ErrorInfo>()?.Reason ?? "");
        var advice = requestId.Length > 0 ? Repeat : Look;
        if (await TryEndBegunAsync(context, resource, requestId, outcome, reason, advice, detail)) return;
        if (reason == ErrorReasons.RateLimited) return; // The limit is there to keep work away.
        if (reason == ErrorReasons.NotAudited) return; // The trail did not take it: the caller is told what to do about that.
        if (reason == ErrorReasons.RoleTooLow) Grant(context, ResourceName.Root(resource)); // Said to members only.
        await WriteAsync(context, resource, requestId, outcome, reason, advice, detail: detail);
    }

    /// <summary>Notes what a language model had looked up for the caller; must be durable before the model hears of it.</summary>
    /// <param name="context">The call that the look is a part of.</param>
    /// <param name="tool">The look.</param>
    /// <param name="resource">What was looked at; empty for nothing.</param>
    /// <param name="error">Why it was refused; null when it was not.</param>
    /// <exception cref="RpcException">UNAVAILABLE: the trail does not take it.</exception>
    public ValueTask NoteToolAsync(ServerCallContext context, string tool, string resource, RpcException? error) => WriteAsync(
        context, resource, "", ErrorReasons.Of(error?.StatusCode ?? StatusCode.OK),
        error?.GetRpcStatus()?.GetDetail<ErrorInfo>()?.Reason ?? "", CallAgain, $"AssistantTool/{tool}");

    /// <summary>A sign-in of somebody unknown, as a user who exists, that was refused; to be noted when that does not show in the time of the call.</summary>
    public static AuditEvent Refusal(ServerCallContext context, string user, string reason) =>
        Event(context, "", "", user, "", ErrorReasons.Of(StatusCode.Unauthenticated), reason);

    /// <summary>Notes something in the server's trail.</summary>
    public Task NoteAsync(AuditEvent what) => trail.AppendAsync(AuditTrail.Server, what);

    /// <summary>Notes in a project's trail what a call did there that is about another thing, or whose caller is nobody known.</summary>
    /// <param name="context">The call.</param>
    /// <param name="resource">What it changed, in a project.</param>
    /// <param name="advice">What the caller can do when that fails; null where they are to look whether it happened.</param>
    /// <exception cref="RpcException">UNAVAILABLE: the trail does not take it.</exception>
    public Task NoteAsync(ServerCallContext context, string resource, string? advice = null)
    {
        var caller = Caller.Find(context);
        return AppendAsync(ResourceName.Root(resource), Event(context, caller?.User ?? "", caller?.KeyId ?? "", resource, "", "OK", ""), advice ?? Look);
    }

    /// <summary>
    /// Notes in a project's trail that a key of a program of it was revoked by a call about who had made it: as what was done, not as what
    /// was called, so that it is found with other revocations.
    /// </summary>
    /// <param name="context">The call.</param>
    /// <param name="account">Whose key it was.</param>
    /// <param name="key">The key's name.</param>
    /// <param name="maker">Who had made it.</param>
    /// <exception cref="RpcException">UNAVAILABLE: the trail does not take it.</exception>
    public Task NoteRevokedAsync(ServerCallContext context, ServiceAccountRecord account, string key, string maker)
    {
        var what = Done(context, key, requestId: "") with { Method = KeyRevoked, Detail = Shorten($"account={account.Name} maker={maker}") };
        return AppendAsync(account.Project, what, Look);
    }

    /// <summary>Notes in a project's trail that a consent ended by a call about who had given it.</summary>
    /// <param name="context">The call.</param>
    /// <param name="consent">What ended.</param>
    /// <exception cref="RpcException">UNAVAILABLE: the trail does not take it.</exception>
    public Task NoteConsentEndedAsync(ServerCallContext context, AssistantConsent consent) =>
        AppendAsync(
            consent.Project, Done(context, consent.Name, requestId: "") with { Method = ConsentEnded, Detail = DetailOf(consent) }, Look);

    /// <summary>What is said of a consent that ended with who gave it.</summary>
    public static string DetailOf(AssistantConsent consent) => Shorten($"consent=ended grantor={consent.Grantor}");

    /// <summary>Notes in the server's trail that a session of the caller ended since they have many others; as what was done, not as what was called.</summary>
    /// <param name="context">The call that began another one.</param>
    /// <param name="session">The session's name.</param>
    /// <exception cref="RpcException">UNAVAILABLE: the trail does not take it.</exception>
    public Task NoteSessionRevokedAsync(ServerCallContext context, string session) =>
        AppendAsync(AuditTrail.Server, Done(context, session, requestId: "") with { Method = SessionRevoked, Detail = "reason=too_many" }, Look);

    /// <summary>What the caller did with success, to be noted by what does it.</summary>
    public static AuditEvent Done(ServerCallContext context, string resource, string requestId)
    {
        var caller = Caller.Of(context);
        return Event(context, caller.User, caller.KeyId, resource, requestId, "OK", "");
    }

    private static AuditEvent Event(
        ServerCallContext context, string actor, string credential, string resource, string requestId, string outcome, string reason) => new()
    {
        Actor = actor,
        Credential = credential,
        Method = context.Method[(context.Method.LastIndexOf('.') + 1)..],
        Resource = Shorten(resource),
        Outcome = outcome,
        Reason = reason,
        Address = CallerAddress.Of(context),
        TraceId = Activity.Current?.TraceId.ToHexString() ?? "",
        RequestId = Shorten(requestId),
    };

    private async ValueTask WriteAsync(
        ServerCallContext context, string resource, string requestId, string outcome, string reason, string advice,
        string? tool = null, string detail = "")
    {
        if (Caller.Find(context) is not { } caller) return;
        var what = Event(context, caller.User, caller.KeyId, resource, requestId, outcome, reason);
        if (tool is not null) what = what with { Method = tool };
        if (detail.Length > 0) what = what with { Detail = Shorten(detail) };
        await AppendAsync(outcome == "OK" ? ProjectOf(resource) ?? ChainOf(context) : ChainOf(context), what, advice);
    }

    /// <summary>The trail of the project that the caller was let into, or the server's.</summary>
    private static string ChainOf(ServerCallContext context) =>
        context.UserState.TryGetValue(ProjectKey, out var project) ? (string)project : AuditTrail.Server;

    /// <summary>The project that a thing is in; null for none. What was done was done to something that there is.</summary>
    private static string? ProjectOf(string resource) => resource.StartsWith("projects/", StringComparison.Ordinal) ? ResourceName.Root(resource) : null;

    private Task AppendAsync(string chain, AuditEvent what, string advice) => OrUnavailableAsync(() => trail.AppendAsync(chain, what), advice);

    private static async Task OrUnavailableAsync(Func<Task> write, string advice)
    {
        try
        {
            await write();
        }
        catch (Exception e) when (e is DbException or IOException or InvalidOperationException) // Database or disk do not take it, or this server is leaving.
        {
            throw ApiErrors.Unavailable(ErrorReasons.NotAudited, $"The call could not be written into the audit trail. {advice}", RetryDelay);
        }
    }

    private static string Shorten(string name) => name.Length <= LongestName ? name : name[..LongestName] + "…";
}
