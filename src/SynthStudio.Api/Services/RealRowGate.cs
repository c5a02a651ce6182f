using SynthStudio.Api.Authorization;
using SynthStudio.Api.Errors;
using SynthStudio.Api.Identity;
using SynthStudio.Catalog;

namespace SynthStudio.Api.Services;

/// <summary>Lets those see real rows, and exact figures about few of them, whom the project's data policy names. Also an administrator must be one of them.</summary>
internal sealed class RealRowGate(DataPolicyStore policies, MembershipCache members)
{
    /// <exception cref="RpcException">PERMISSION_DENIED: the policy does not name the caller.</exception>
    public async Task DemandAsync(string project, ServerCallContext context)
    {
        var policy = await policies.FindAsync(project, context.CancellationToken);
        var role = await members.FindRoleAsync(project, Caller.Of(context).User, context.CancellationToken);
        var may = policy switch
        {
            RealRowPolicy.Owners => role == ProjectRole.Owner,
            RealRowPolicy.Editors => role >= ProjectRole.Editor,
            _ => false,
        };
        if (!may)
        {
            throw ApiErrors.PermissionDenied(
                ErrorReasons.RealRowsForbidden,
                $"The data policy of {project} shows real rows, and exact figures about few of them, to {policy.ToString().ToLowerInvariant()}. Its owners may change it.");
        }
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
