using System.Data.Common;
using System.Text;
using SynthStudio.Api.Identity;
using SynthStudio.Api.Limits;

namespace SynthStudio.Api.Authorization;

/// <summary>
/// Lets administrators, by a key or token that is good for all they may do, to pages that are no part of the API. A browser asks its user, whose key is the
/// password of any name; programs send it as they do to the API. Who tries keys here is limited by address as there.
/// </summary>
public static class OperatorPages
{
    private const string Bearer = "Bearer ", Basic = "Basic ";

    /// <summary>Guards every path below <paramref name="path"/>. Comes before what answers there is mapped.</summary>
    public static void GuardOperatorPages(this WebApplication app, PathString path) => app.UseWhen(
        context => context.Request.Path.StartsWithSegments(path, StringComparison.OrdinalIgnoreCase), pages => pages.Use(AdmitAsync));

    private static async Task AdmitAsync(HttpContext context, RequestDelegate next)
    {
        var status = await StatusOfAsync(context);
        if (status == StatusCodes.Status200OK)
        {
            context.Response.Headers.CacheControl = "no-store";
            await next(context);
            return;
        }

        context.Response.StatusCode = status;
        if (status == StatusCodes.Status401Unauthorized) context.Response.Headers.WWWAuthenticate = "Basic realm=\"SynthStudio, for administrators: an API key as the password\"";
    }

    private static async Task<int> StatusOfAsync(HttpContext context)
    {
        if (CredentialIn(context.Request.Headers.Authorization.ToString()) is not { } credential) return StatusCodes.Status401Unauthorized;
        try
        {
            await context.RequestServices.GetRequiredService<RequestLimits>().CheckAddressAsync(context);
            var caller = await context.RequestServices.GetRequiredService<Authenticator>().VerifyAsync(credential, context.RequestAborted);
            return caller.IsAdmin && caller.Scope == AccessScope.Admin ? StatusCodes.Status200OK : StatusCodes.Status403Forbidden;
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.ResourceExhausted)
        {
            return StatusCodes.Status429TooManyRequests;
        }
        catch (RpcException)
        {
            return StatusCodes.Status401Unauthorized;
        }
        catch (DbException)
        {
            return StatusCodes.Status503ServiceUnavailable;
        }
    }

    private static string? CredentialIn(string authorization)
    {
        if (authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)) return authorization[Bearer.Length..].Trim();
        if (!authorization.StartsWith(Basic, StringComparison.OrdinalIgnoreCase)) return null;

        var pair = new byte[authorization.Length];
        if (!Convert.TryFromBase64String(authorization[Basic.Length..].Trim(), pair, out var length)) return null;
        var text = Encoding.UTF8.GetString(pair, 0, length);
        return text.IndexOf(':', StringComparison.Ordinal) is >= 0 and var colon ? text[(colon + 1)..] : null;
    }
}
