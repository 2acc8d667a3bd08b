// SPDX-License-Identifier: Apache-2.0
namespace AccelModel.Scheduling.Steps;

/// <summary>Where a tensor lies: all of a root tensor, or some channels of one, perhaps through the root's channel shuffle.</summary>
/// <param name="Root">Name of the tensor that has memory of its own.</param>
/// <param name="Channel">First channel in the root (before shuffling).</param>
/// <param name="ShuffleGroups">Groups of the shuffle between the tensor and its root; 1 for none.</param>
internal readonly record struct TensorPlacement(string Root, int Channel, int ShuffleGroups);
