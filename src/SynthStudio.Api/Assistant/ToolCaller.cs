using System.Text.Json.Nodes;
using Google.Protobuf;
using Google.Rpc;
using SynthStudio.Api.Auditing;
using SynthStudio.Api.Authorization;
using SynthStudio.Api.Errors;
using SynthStudio.Api.Identity;
using SynthStudio.Api.Requests;
using SynthStudio.Assistant.Conversations;

namespace SynthStudio.Api.Assistant;

/// <summary>
/// Makes a call of our own API for a model: one that only reads, within the chat's project, under the rule and the rights that its caller would meet, and
/// in the audit trail before the model hears of it. Which calls there are, <see cref="ProjectTools"/> says; a model can name no other.
/// </summary>
internal sealed class ToolCaller(AccessPolicy policy, Auditor auditor)
{
    /// <summary>Calls, or says why not, in words only where those repeat no value of a table.</summary>
    /// <param name="look">The tool's name, the call's name as the rules have it, the request, and what makes the answer.</param>
    /// <param name="project">The chat's project.</param>
    /// <param name="context">The chat's call.</param>
    /// <param name="isRaw">Whether the answer holds values of real rows.</param>
    public async Task<ToolResult> CallAsync(Look look, string project, ServerCallContext context, bool isRaw)
    {
        var resource = "";
        try
        {
            var rule = policy.Admit(look.Method, Caller.Of(context));
            if (rule.Pattern is { } pattern)
            {
                var name = rule.Resource(look.Request);
                if (pattern.Matches(name)) resource = name;
                if (resource.Length > 0 && ResourceName.Root(name) != project)
                    throw ApiErrors.PermissionDenied(ErrorReasons.OutsideProject, "This chat is about another project: nothing outside of it is told.");
            }

            await policy.CheckAsync(rule, look.Request, context);
            RequestShape.Check(look.Request);
            var answer = await look.AnswerAsync();
            await auditor.NoteToolAsync(context, look.Tool, resource, error: null); // Before it leaves.
            return new ToolResult(answer.ToJsonString(), resource, IsRaw: isRaw);
        }
        catch (WorkNotFoundException e)
        {
            return await RefuseAsync(ApiErrors.NotFound(e.Name));
        }
        catch (MethodsUnknownException e)
        {
            return await RefuseAsync(ApiErrors.Create(Code.Unavailable, e.Reason, e.Message));
        }
        catch (RpcException e) when (e.GetRpcStatus()?.GetDetail<ErrorInfo>() is { Reason: not ErrorReasons.NotAudited })
        {
            return await RefuseAsync(e);
        }

        async Task<ToolResult> RefuseAsync(RpcException error)
        {
            await auditor.NoteToolAsync(context, look.Tool, resource, error);
            return new ToolResult(Refusals.Describe(error), resource, error.GetRpcStatus()!.GetDetail<ErrorInfo>().Reason);
        }
    }
}

/// <summary>A call that a model may have made.</summary>
/// <param name="Tool">The tool's name.</param>
/// <param name="Method">As the rules have it, <c>/synthstudio.v1.DatasetService/GetDataset</c>.</param>
/// <param name="Request">What is asked.</param>
/// <param name="AnswerAsync">Asks it, once it is allowed.</param>
internal sealed record Look(string Tool, string Method, IMessage Request, Func<Task<JsonNode>> AnswerAsync);
