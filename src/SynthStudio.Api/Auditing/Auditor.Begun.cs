using Google.Protobuf;
using SynthStudio.Api.Authorization;
using SynthStudio.Api.Idempotency;
using SynthStudio.Api.Identity;
using SynthStudio.Catalog.Audit;

namespace SynthStudio.Api.Auditing;

/// <summary>
/// Notes that calls begin that change something: none is carried out without that entry, whatever becomes of this process. How calls end
/// refers to it: one without an end says that the call began, and that nobody can say from the trail whether it was carried out. One entry
/// have public calls (but those that <see cref="BeginPublicAsync"/> is for), streams to the caller, pieces of uploads (which have to
/// begin), and what writes its own with what it does.
/// </summary>
internal sealed partial class Auditor
{
    private static readonly object BegunKey = new(), OutlivedKey = new();

    /// <summary>
    /// Notes that nobody waits any more for how a call ends whose work goes on: where the trail says that it began, that is then all that
    /// it says.
    /// </summary>
    public static void Outlived(ServerCallContext context) => context.UserState[OutlivedKey] = true;

    /// <summary>Notes that a call was let in. It goes on when that is written.</summary>
    /// <exception cref="RpcException">UNAVAILABLE: the trail does not take it, and nothing was done.</exception>
    public ValueTask BeginAsync<TRequest>(ServerCallContext context, RpcRule rule, TRequest request)
        where TRequest : class
    {
        if (!rule.IsBegun || RequestIdField<TRequest>.IsCheckOnly(request)) return ValueTask.CompletedTask;
        var message = (IMessage)request;
        return BeginAsync(
            context, rule.Resource(message), RequestIdField<TRequest>.Exists ? RequestIdField<TRequest>.Get(request) : "",
            AuditDetail.Of(message, response: null));
    }

    /// <summary>
    /// The same for a public call, by its service: once something proved who calls, who is attached to the call, and before anything is
    /// done. Before that anybody could fill the trail.
    /// </summary>
    /// <exception cref="RpcException">UNAVAILABLE: the trail does not take it, and nothing was done.</exception>
    public ValueTask BeginPublicAsync(ServerCallContext context) => BeginAsync(context, resource: "", requestId: "", detail: "");

    /// <summary>The same for a stream of requests, whose first says what it is about.</summary>
    public ValueTask BeginRequestsAsync(ServerCallContext context, RpcRule rule, string resource) =>
        rule.IsBegun ? BeginAsync(context, resource, requestId: "", detail: "") : ValueTask.CompletedTask;

    private async ValueTask BeginAsync(ServerCallContext context, string resource, string requestId, string detail)
    {
        if (Caller.Find(context) is not { } caller) return; // Of a public call: its service says once it knows who calls.
        var chain = ChainOf(context);
        var what = Event(context, caller.User, caller.KeyId, resource, requestId, AuditEvent.BegunOutcome, "");
        if (detail.Length > 0) what = what with { Detail = Shorten(detail) };
        await OrUnavailableAsync(async () => context.UserState[BegunKey] = await trail.BeginAsync(chain, what), NothingDone);
    }

    /// <summary>
    /// Notes how a call ended that the trail says began, if it ended, and waits until it is durable that it began; false where the trail
    /// does not say so.
    /// </summary>
    private async ValueTask<bool> TryEndBegunAsync(
        ServerCallContext context, string resource, string requestId, string outcome, string reason, string advice, string detail)
    {
        if (!context.UserState.TryGetValue(BegunKey, out var state) || state is not BegunCall begun) return false;
        if (context.UserState.ContainsKey(OutlivedKey)) return true;
        var caller = Caller.Of(context);
        var what = Event(context, caller.User, caller.KeyId, resource, requestId, outcome, reason) with { Detail = Shorten(detail) };
        trail.End(begun, what);
        await OrUnavailableAsync(() => begun.Synced, advice);

        // What it made is in a project that it was not about, as a new one: its trail has no other entry of it, and a number of another
        // trail would say nothing there.
        if (outcome == "OK" && ProjectOf(resource) is { } project && project != begun.Chain) await AppendAsync(project, what, advice);
        return true;
    }
}
