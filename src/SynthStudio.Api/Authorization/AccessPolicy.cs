using Google.Protobuf;
using SynthStudio.Api.Auditing;
using SynthStudio.Api.Errors;
using SynthStudio.Api.Identity;
using SynthStudio.Api.Limits;
using SynthStudio.Catalog;

namespace SynthStudio.Api.Authorization;

/// <summary>
/// The one place that decides whether a call may be made. Deny by default: no rule, no call. A project that the caller is no member
/// of does not exist for them.
/// </summary>
internal sealed class AccessPolicy(Authenticator authenticator, MembershipCache members, RequestLimits limits, ApiOptions options)
{
    /// <summary>
    /// Finds the rule of a call and who makes it, and checks all of it that does not depend on a resource:
    /// they may make it, and not too many.
    /// </summary>
    public async ValueTask<RpcRule> AdmitAsync(ServerCallContext context)
    {
        await limits.CheckAddressAsync(context);
        var rule = RuleOf(context.Method);
        if (rule.Audience == Audience.Public) return rule;

        var caller = await authenticator.AuthenticateAsync(context);
        LetIn(caller, rule, context);
        await limits.CheckAsync(caller);
        return rule;
    }

    /// <summary>The same for a call that is made for somebody who was let in with another one.</summary>
    public RpcRule Admit(string method, Caller caller)
    {
        var rule = RuleOf(method);
        if (rule.Audience != Audience.Public) CheckCaller(rule, caller);
        return rule;
    }

    /// <summary>Checks the resource that a request names.</summary>
    public ValueTask CheckAsync(RpcRule rule, IMessage request, ServerCallContext context) =>
        rule.Pattern is null ? ValueTask.CompletedTask : CheckAsync(rule, rule.Resource(request), context);

    /// <summary>Checks a resource by its name.</summary>
    public async ValueTask CheckAsync(RpcRule rule, string name, ServerCallContext context)
    {
        if (!rule.Pattern!.Matches(name))
            throw ApiErrors.InvalidField(rule.Field, $"'{Shorten(name)}' is not a name like {rule.Pattern}.", ErrorReasons.InvalidName);

        var caller = Caller.Of(context);
        var root = ResourceName.Root(name);
        switch (rule.Audience)
        {
            case Audience.Admin:
                return;
            case Audience.Self:
                if (root != caller.User && !caller.IsAdmin) throw ApiErrors.NotFound(name);
                return;
            case Audience.FormerOwner:
                await CheckFormerOwnerAsync(root, name, caller, context.CancellationToken);
                break;
            default:
                if (!caller.IsAdmin) CheckRole(rule, name, caller, await members.FindRoleAsync(root, caller.User, context.CancellationToken));
                else if (!await members.ProjectExistsAsync(root, context.CancellationToken)) throw ApiErrors.NotFound(name);
                break;
        }

        if (rule.Audited != Audited.No) Auditor.Grant(context, root); // Nothing else is noted.
    }

    /// <summary>Checks again that a long stream may go on: its caller is still allowed what it was allowed at the start.</summary>
    public async ValueTask RecheckAsync(IMessage request, ServerCallContext context)
    {
        var rule = RuleOf(context.Method);
        if (rule.Audience != Audience.Public) LetIn(await authenticator.AuthenticateAsync(context), rule, context);
        await CheckAsync(rule, request, context);
    }

    /// <summary>Checks again that a stream of requests may go on: its caller's key or session still stands, and opens the resource.</summary>
    public async ValueTask RecheckAsync(RpcRule rule, string name, ServerCallContext context)
    {
        LetIn(await authenticator.ReverifyAsync(Caller.Of(context), context.CancellationToken), rule, context);
        await CheckAsync(rule, name, context);
    }

    private async ValueTask CheckFormerOwnerAsync(string project, string name, Caller caller, CancellationToken cancellation)
    {
        if (await members.IsFormerOwnerAsync(project, caller, cancellation)) return;
        var lives = caller.IsAdmin
            ? await members.ProjectExistsAsync(project, cancellation)
            : await members.FindRoleAsync(project, caller.User, cancellation) == ProjectRole.Owner;
        throw lives
            ? ApiErrors.Precondition(ErrorReasons.StateForbids, project, $"{project} is not deleted: this is for projects that are.")
            : ApiErrors.NotFound(name);
    }

    /// <param name="rule">The call's.</param>
    /// <param name="name">A resource in the project.</param>
    /// <param name="caller">Who is no administrator.</param>
    /// <param name="found">Their role in the project; null for none.</param>
    private static void CheckRole(RpcRule rule, string name, Caller caller, ProjectRole? found)
    {
        var role = found ?? throw ApiErrors.NotFound(name);
        var needed = rule.Audience switch
        {
            Audience.Viewer => ProjectRole.Viewer,
            Audience.Editor => ProjectRole.Editor,
            _ => ProjectRole.Owner,
        };
        if (role == ProjectRole.Auditor && rule.IsForAuditors) return;
        if (rule.IsForOneself && $"users/{ResourceName.Id(name)}" == caller.User) return;
        if (role < needed)
        {
            throw ApiErrors.PermissionDenied(
                ErrorReasons.RoleTooLow, $"You are {Lower(role)} of {ResourceName.Root(name)}, this needs at least {Lower(needed)}.");
        }
    }

    private RpcRule RuleOf(string method)
    {
        if (!RpcRules.ByMethod.TryGetValue(method, out var rule)) throw ApiErrors.PermissionDenied(ErrorReasons.NoRule, $"{method} is not open to anyone.");
        return options.Features.OffFor(method) is { } feature ? throw ApiErrors.FeatureOff(feature) : rule;
    }

    /// <summary>Who calls is known from here on, also of a call that is refused: that is noted too.</summary>
    private static void LetIn(Caller caller, RpcRule rule, ServerCallContext context)
    {
        caller.AttachTo(context);
        CheckCaller(rule, caller);
    }

    private static void CheckCaller(RpcRule rule, Caller caller)
    {
        if (rule.Audience == Audience.Admin && !caller.IsAdmin)
            throw ApiErrors.PermissionDenied(ErrorReasons.RoleTooLow, "Only administrators may do this.");
        if (caller.Scope < rule.Scope)
        {
            throw ApiErrors.PermissionDenied(
                ErrorReasons.ScopeTooLow, $"The key or token is good for {Lower(caller.Scope)}, this needs {Lower(rule.Scope)}.");
        }
    }

    private static string Lower<T>(T value) where T : struct, Enum => value.ToString().ToLowerInvariant();

    private static string Shorten(string name) => name.Length <= 100 ? name : name[..100] + "...";
}
