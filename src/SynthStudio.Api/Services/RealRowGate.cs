using SynthStudio.Api.Authorization;
using SynthStudio.Api.Errors;
using SynthStudio.Api.Identity;
using SynthStudio.Catalog;

namespace SynthStudio.Api.Services;

/// <summary>
/// Lets those see real rows, and exact figures about few of them, whom the project's data policy names. Also an
/// administrator must be one of them.
/// </summary>
internal sealed class RealRowGate(DataPolicyStore policies, DatasetStore datasets, MembershipCache members)
{
    /// <exception cref="RpcException">PERMISSION_DENIED: the policy does not name the caller.</exception>
    public async Task DemandAsync(string project, ServerCallContext context)
    {
        var policy = await policies.FindAsync(project, context.CancellationToken);
        if (!await MayAsync(policy, project, Caller.Of(context).User, context.CancellationToken))
        {
            throw ApiErrors.PermissionDenied(
                ErrorReasons.RealRowsForbidden,
                $"The data policy of {project} shows real rows, and exact figures about few of them, to {policy.ToString().ToLowerInvariant()}. Its owners may change it.");
        }
    }

    /// <summary>A data set whose rows the caller may have, all of them.</summary>
    /// <exception cref="RpcException">NOT_FOUND. PERMISSION_DENIED: the policy does not name the caller. FAILED_PRECONDITION: the data set
    /// is withheld, or is not ready.</exception>
    public async Task<DatasetRecord> FindReadableAsync(string name, ServerCallContext context)
    {
        var dataset = await datasets.FindAsync(name, context.CancellationToken) ?? throw ApiErrors.NotFound(name);
        await DemandAsync(dataset.Project, context);
        if (dataset.Withheld) throw ApiErrors.Precondition(ErrorReasons.Withheld, name, $"{name} was uploaded as withheld: nothing of it is given out.");
        return dataset.State == DatasetState.Ready
            ? dataset
            : throw ApiErrors.Precondition(ErrorReasons.StateForbids, name, $"{name} is not ready: it is {dataset.State.ToString().ToLowerInvariant()}.");
    }

    /// <summary>Whether the policy names a user.</summary>
    public async Task<bool> MayAsync(string project, string user, CancellationToken cancellation) =>
        await MayAsync(await policies.FindAsync(project, cancellation), project, user, cancellation);

    private async Task<bool> MayAsync(RealRowPolicy policy, string project, string user, CancellationToken cancellation)
    {
        var role = await members.FindRoleAsync(project, user, cancellation);
        return policy switch
        {
            RealRowPolicy.Owners => role == ProjectRole.Owner,
            RealRowPolicy.Editors => role >= ProjectRole.Editor,
            _ => false,
        };
    }

    public static V1.RealRowAccess ToProto(RealRowPolicy policy) => policy switch
    {
        RealRowPolicy.Owners => V1.RealRowAccess.Owners,
        RealRowPolicy.Editors => V1.RealRowAccess.Editors,
        _ => V1.RealRowAccess.Nobody,
    };

    public static RealRowPolicy ToPolicy(V1.RealRowAccess access, string field) => access switch
    {
        V1.RealRowAccess.Owners => RealRowPolicy.Owners,
        V1.RealRowAccess.Editors => RealRowPolicy.Editors,
        V1.RealRowAccess.Nobody => RealRowPolicy.Nobody,
        _ => throw ApiErrors.InvalidField(field, "must be owners, editors or nobody."),
    };
}
