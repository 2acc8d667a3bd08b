// SPDX-License-Identifier: Apache-2.0
namespace NnTrain.Data;

/// <summary>A data set is missing, damaged or unknown. The message is for the user and names the command that helps.</summary>
public sealed class DatasetException : Exception
{
    public DatasetException(string message, Exception? inner = null) : base(message, inner)
    {
    }

    internal static DatasetException Of(DatasetDescription dataset, IEnumerable<string> problems) => new(
        $"Data set {dataset.Name} cannot be used:{string.Concat(problems.Select(problem => $"\n  {problem}"))}\n" +
        $"Get it with `{dataset.GetCommand}`.");
}
