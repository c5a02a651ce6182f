using System.ComponentModel.DataAnnotations;

namespace SynthStudio.Api;

/// <summary>Each is <c>*</c> or a scheme, a host and perhaps a port, as browsers send it.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class AllowedOriginsAttribute : ValidationAttribute
{
    protected override ValidationResult? IsValid(object? value, ValidationContext context)
    {
        var wrong = (value as IEnumerable<string> ?? []).FirstOrDefault(origin => origin != "*" && !IsOrigin(origin));
        return wrong is null
            ? ValidationResult.Success
            : new ValidationResult($"holds \"{wrong}\"; an origin is like https://studio.example.org, without a path, or *.", [context.MemberName!]);
    }

    private static bool IsOrigin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.GetLeftPart(UriPartial.Authority) == text;
}
