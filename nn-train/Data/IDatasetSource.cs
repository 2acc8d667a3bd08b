// SPDX-License-Identifier: Apache-2.0
namespace NnTrain.Data;

/// <summary>Where the files of a data set come from.</summary>
public interface IDatasetSource
{
    /// <summary>Puts the files, plain or as <c>.gz</c>, into a folder.</summary>
    /// <param name="dataset">Names the files.</param>
    /// <param name="directory">An empty folder.</param>
    /// <param name="progress">Receives a sentence per step.</param>
    /// <exception cref="DatasetException">The source cannot be reached or lacks a file.</exception>
    void Fetch(DatasetDescription dataset, string directory, IProgress<string>? progress);
}
