// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using System.Text.Json.Serialization;

namespace NnTrain.Training;

/// <summary>Specifications and results as JSON: snake_case names, members in their order of declaration, nothing left out.</summary>
public static class TrainingJson
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) },
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowOutOfOrderMetadataProperties = true,
        WriteIndented = true,
        NewLine = "\n",
    };

    /// <summary>The text of a value, with a line end.</summary>
    public static string Write<T>(T value) => JsonSerializer.Serialize(value, Options) + "\n";

    /// <summary>The value of a text.</summary>
    /// <exception cref="JsonException">The text is not JSON, or lacks or has too many members.</exception>
    public static T Read<T>(string text) =>
        JsonSerializer.Deserialize<T>(text, Options) ?? throw new JsonException("found null");
}
